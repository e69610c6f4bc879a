using System.Text.Json;

namespace Sluice.Runtime.Json;

/// <summary>Comparing names in requests.</summary>
internal static class JsonText
{
    /// <summary>
    /// As <see cref="Utf8JsonReader.ValueTextEquals(ReadOnlySpan{byte})"/>, but a text that escapes half a character is
    /// equal to nothing where that throws.
    /// </summary>
    public static bool Is(this ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan.SequenceEqual(text);
        try
        {
            return reader.ValueTextEquals(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
