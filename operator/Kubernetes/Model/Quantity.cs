using System.Globalization;
using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>
/// resource.Quantity, kept as written: <c>500m</c>, <c>1Gi</c>, <c>1e3</c>. Equality is of the text; compare amounts
/// with <see cref="ToDecimal"/>.
/// </summary>
[JsonConverter(typeof(QuantityConverter))]
public readonly record struct Quantity(string Text)
{
    public static implicit operator Quantity(string text) => new(text);

    public static Quantity FromString(string text) => new(text);

    /// <exception cref="FormatException">The text is not a quantity.</exception>
    public decimal ToDecimal() => TryToDecimal(out var value)
        ? value
        : throw new FormatException($"'{Text}' is not a quantity: write a number and a suffix such as m, k, Mi, Gi.");

    public bool TryToDecimal(out decimal value)
    {
        var text = (Text ?? "").AsSpan();
        var end = text.Length;
        while (end > 0 && char.IsAsciiLetter(text[end - 1]))
            end--;
        var number = text[..end];
        var suffix = text[end..];
        // "1e3" and "1E-2" end in digits: the whole text is the number and the exponent belongs to it.
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        value = 0;
        return decimal.TryParse(number, style, CultureInfo.InvariantCulture, out var amount)
            && TryScale(suffix, out var scale)
            && TryMultiply(amount, scale, out value);
    }

    public override string ToString() => Text ?? "";

    private static bool TryScale(ReadOnlySpan<char> suffix, out decimal scale)
    {
        scale = suffix switch
        {
            "n" => 0.000000001m,
            "u" => 0.000001m,
            "m" => 0.001m,
            "" => 1m,
            "k" => 1e3m,
            "M" => 1e6m,
            "G" => 1e9m,
            "T" => 1e12m,
            "P" => 1e15m,
            "E" => 1e18m,
            "Ki" => 1L << 10,
            "Mi" => 1L << 20,
            "Gi" => 1L << 30,
            "Ti" => 1L << 40,
            "Pi" => 1L << 50,
            "Ei" => 1L << 60,
            _ => 0,
        };
        return scale != 0;
    }

    private static bool TryMultiply(decimal amount, decimal scale, out decimal product)
    {
        product = 0;
        if (Math.Abs(amount) > decimal.MaxValue / Math.Max(scale, 1))
            return false;
        product = amount * scale;
        return true;
    }
}
