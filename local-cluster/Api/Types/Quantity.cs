using System.Globalization;
using System.Numerics;

namespace Sluice.LocalCluster.Api.Types;

/// <summary>
/// A Kubernetes quantity such as <c>500m</c>, <c>1Gi</c> or <c>2e3</c>, kept exactly in units of 10⁻⁹ (finer values are
/// rounded up, as Kubernetes does). Its text is canonical: the largest suffix of its own kind that leaves a whole number.
/// </summary>
internal readonly record struct Quantity(BigInteger Nanos, Quantity.Style Format)
{
    internal enum Style { Decimal, Binary, Exponent }

    static readonly string[] DecimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    static readonly string[] BinarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    static readonly BigInteger Unit = 1_000_000_000;

    public decimal ToDecimal() => (decimal)((double)Nanos / 1e9);

    public static bool TryParse(string text, out Quantity quantity)
    {
        quantity = default;
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.' || (digits == 0 && text[0] is '+' or '-')))
            digits++;
        if (!Number(text.AsSpan(0, digits), out var value, out var scale) || !Suffix(text[digits..], out var factor, out var exponent, out var style))
            return false;
        // value · 10^(9 - scale + exponent) · factor, without ever leaving whole numbers before the last step.
        var power = 9 - scale + exponent;
        value *= factor;
        quantity = new Quantity(power >= 0 ? value * BigInteger.Pow(10, power) : RoundedUp(value, BigInteger.Pow(10, -power)), style);
        return true;
    }

    public override string ToString() => Format switch
    {
        Style.Binary when BigInteger.Remainder(Nanos, Unit).IsZero && BigInteger.Abs(Nanos) >= 1024 * Unit => Binary(Nanos / Unit),
        Style.Exponent => Decimal(Nanos, exponent: true),
        _ => Decimal(Nanos, exponent: false),
    };

    static bool Number(ReadOnlySpan<char> text, out BigInteger value, out int scale)
    {
        value = default;
        var dot = text.IndexOf('.');
        scale = dot < 0 ? 0 : text.Length - dot - 1;
        var whole = dot < 0 ? text.ToString() : string.Concat(text[..dot], text[(dot + 1)..]);
        return whole.Any(char.IsAsciiDigit) && !whole.Contains('.', StringComparison.Ordinal)
            && BigInteger.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    static bool Suffix(string text, out BigInteger factor, out int exponent, out Style style)
    {
        (factor, exponent, style) = (1, 0, Style.Decimal);
        if (Array.IndexOf(BinarySuffixes, text) is > 0 and var power)
        {
            (factor, style) = (BigInteger.Pow(1024, power), Style.Binary);
            return true;
        }

        if (Array.IndexOf(DecimalSuffixes, text) is >= 0 and var thousands)
        {
            exponent = (thousands - 3) * 3;
            return true;
        }

        style = Style.Exponent;
        return text.Length > 1 && text[0] is 'e' or 'E'
            && int.TryParse(text.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
            && Math.Abs(exponent) < 100;
    }

    static BigInteger RoundedUp(BigInteger value, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(value, divisor, out var rest);
        return rest.IsZero ? quotient : quotient + (value.Sign >= 0 ? 1 : -1);
    }

    static string Binary(BigInteger value)
    {
        var power = 0;
        while (power < BinarySuffixes.Length - 1 && !value.IsZero && BigInteger.Remainder(value, 1024).IsZero)
        {
            value /= 1024;
            power++;
        }

        return value.ToString(CultureInfo.InvariantCulture) + BinarySuffixes[power];
    }

    static string Decimal(BigInteger nanos, bool exponent)
    {
        if (nanos.IsZero)
            return "0";
        var power = 0;
        while (power < DecimalSuffixes.Length - 1 && BigInteger.Remainder(nanos, 1000).IsZero)
        {
            nanos /= 1000;
            power++;
        }

        var suffix = exponent && power != 3 ? $"e{(power - 3) * 3}" : DecimalSuffixes[power];
        return nanos.ToString(CultureInfo.InvariantCulture) + suffix;
    }
}
