using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Contract;

/// <summary>A dimension is a JSON number, or a string when it has a name.</summary>
public sealed class ReportDimensionConverter : JsonConverter<ReportDimension>
{
    public override ReportDimension Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? new ReportDimension(-1, reader.GetString())
            : new ReportDimension(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, ReportDimension value, JsonSerializerOptions options)
    {
        if (value.Symbol is { } symbol)
            writer.WriteStringValue(symbol);
        else
            writer.WriteNumberValue(value.Size);
    }
}
