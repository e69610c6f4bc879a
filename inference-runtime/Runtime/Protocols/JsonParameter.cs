using System.Text.Json;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Protocols;

/// <summary>Values of the protocols' parameters.</summary>
internal static class JsonParameter
{
    public static bool Bool(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong(ref reader, name, "true or false"),
    };

    public static long Number(ref Utf8JsonReader reader, string name, long least, long most)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value >= least && value <= most)
            return value;
        throw Wrong(ref reader, name, $"a whole number from {least} to {most}");
    }

    private static RequestException Wrong(ref Utf8JsonReader reader, string name, string wanted) =>
        RequestException.Bad($"The parameter \"{name}\" must be {wanted}, not {Excerpt.Of(reader.ValueSpan)}.");
}
