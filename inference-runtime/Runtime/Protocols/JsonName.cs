using System.Text.Json;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols;

/// <summary>Finds inputs and outputs by the JSON string that names them.</summary>
internal static class JsonName
{
    private const int Longest = 1024;

    /// <param name="where">For the message when the token is no string.</param>
    /// <returns>-1 when the model has none of this name.</returns>
    public static int Find(ref Utf8JsonReader reader, Signature signature, bool outputs, string where)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            throw RequestException.Bad($"A \"name\" in \"{where}\" is not a string.");
        if (reader.ValueSpan.Length > Longest)
            return -1;
        if (!reader.ValueIsEscaped)
            return outputs ? signature.FindOutput(reader.ValueSpan) : signature.FindInput(reader.ValueSpan);
        Span<byte> unescaped = stackalloc byte[Longest];
        try
        {
            unescaped = unescaped[..reader.CopyString(unescaped)];
        }
        catch (InvalidOperationException)
        {
            return -1;
        }
        return outputs ? signature.FindOutput(unescaped) : signature.FindInput(unescaped);
    }

    public static RequestException UnknownInput(ref Utf8JsonReader reader, ServedModel model) =>
        RequestException.Bad(
            $"Input \"{Excerpt.Of(reader.ValueSpan)}\" is unknown; model \"{model.Name}\" wants {Wanted(model)}.");

    public static string Wanted(ServedModel model) =>
        string.Join(", ", model.Signature.Inputs.Select(p => $"\"{p.Name}\" {p.Wanted}{(p.Required ? "" : " (optional)")}"));
}
