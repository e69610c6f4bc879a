using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Sluice.Runtime.Json;

/// <summary>How one element of a tensor is written in JSON.</summary>
internal interface IJsonElement<T>
{
    static abstract bool TryRead(ref Utf8JsonReader reader, out T element);
}

/// <summary>
/// A number; or for what JSON has no number, the strings "NaN", "Infinity", "-Infinity"; null is NaN. A number beyond
/// the type's range is refused.
/// </summary>
internal readonly struct SingleElement : IJsonElement<float>
{
    public static bool TryRead(ref Utf8JsonReader reader, out float element)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return Utf8Parser.TryParse(reader.ValueSpan, out element, out var read)
                && read == reader.ValueSpan.Length
                && float.IsFinite(element);
        }
        var special = DoubleElement.Special(ref reader, out var value);
        element = (float)value;
        return special;
    }
}

/// <inheritdoc cref="SingleElement"/>
internal readonly struct DoubleElement : IJsonElement<double>
{
    public static bool TryRead(ref Utf8JsonReader reader, out double element)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return Utf8Parser.TryParse(reader.ValueSpan, out element, out var read)
                && read == reader.ValueSpan.Length
                && double.IsFinite(element);
        }
        return Special(ref reader, out element);
    }

    public static bool Special(ref Utf8JsonReader reader, out double element)
    {
        element = double.NaN;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.String)
            return false;
        if (reader.Is("NaN"u8))
            return true;
        if (reader.Is("Infinity"u8))
            element = double.PositiveInfinity;
        else if (reader.Is("-Infinity"u8))
            element = double.NegativeInfinity;
        else
            return false;
        return true;
    }
}

/// <summary>A number without a fraction (1, 1.0 and 1e3 are such) in the type's range.</summary>
internal readonly struct IntegerElement<T> : IJsonElement<T>
    where T : IBinaryInteger<T>
{
    public static bool TryRead(ref Utf8JsonReader reader, out T element)
    {
        element = T.Zero;
        if (reader.TokenType != JsonTokenType.Number)
            return false;
        if (!reader.TryGetInt64(out var value) && !WholeNumber.TryRead(reader.ValueSpan, out value))
            return false;
        element = T.CreateTruncating(value);
        return long.CreateTruncating(element) == value;
    }
}

/// <summary>As <see cref="IntegerElement{T}"/>, up to the largest unsigned 64-bit number.</summary>
internal readonly struct UnsignedElement : IJsonElement<ulong>
{
    public static bool TryRead(ref Utf8JsonReader reader, out ulong element)
    {
        element = 0;
        if (reader.TokenType != JsonTokenType.Number)
            return false;
        if (reader.TryGetUInt64(out element))
            return true;
        if (!WholeNumber.TryRead(reader.ValueSpan, out var value) || value < 0)
            return false;
        element = (ulong)value;
        return true;
    }
}

/// <summary>true or false, or the numbers 1 and 0.</summary>
internal readonly struct BoolElement : IJsonElement<bool>
{
    public static bool TryRead(ref Utf8JsonReader reader, out bool element)
    {
        element = reader.TokenType == JsonTokenType.True;
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return true;
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number is not (0 or 1))
            return false;
        element = number == 1;
        return true;
    }
}

/// <summary>Whole numbers in a decimal's clothes: many writers turn 3 into 3.0.</summary>
internal static class WholeNumber
{
    public static bool TryRead(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || decimal.Truncate(number) != number
            || number is < long.MinValue or > long.MaxValue)
        {
            return false;
        }
        value = (long)number;
        return true;
    }
}
