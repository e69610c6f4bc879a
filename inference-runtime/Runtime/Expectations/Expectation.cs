using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Onnx;

namespace Sluice.Runtime.Expectations;

/// <summary>What the values of one feature are expected to be.</summary>
/// <param name="document">As it was written.</param>
/// <param name="input">The feature's place among the model's inputs.</param>
/// <param name="column">Its place in a row of the input; null is every element.</param>
/// <param name="columns">Elements in a row.</param>
/// <param name="type">Of the elements, whose precision the bounds are taken in: 0.1 as a float is more than 0.1.</param>
/// <param name="rejects">A request that does not meet it is refused.</param>
internal sealed class Expectation(ExpectationDocument document, int input, int? column, int columns, ElementType type, bool rejects)
{
    public string Feature => document.Feature;

    public int Input { get; } = input;

    public int? Column { get; } = column;

    public int Columns { get; } = columns;

    public bool Rejects { get; } = rejects;

    public bool IsRequired { get; } = document.Required == true;

    public double Min { get; } = Round(document.Min ?? double.NegativeInfinity, type);

    public double Max { get; } = Round(document.Max ?? double.PositiveInfinity, type);

    /// <summary>The only numbers; null allows all.</summary>
    public FrozenSet<double>? Numbers { get; } = document.Allowed?.Select(Number).OfType<double>().Select(n => Round(n, type)).ToFrozenSet();

    /// <summary>The only texts; null allows all.</summary>
    public FrozenSet<string>? Texts { get; } = document.Allowed?.Select(Text).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>For messages: "from 0 to 120", "one of basic, premium".</summary>
    public string Wanted { get; } = string.Join(" and ", Parts(document));

    /// <summary>A value as its caller may have written it: as many digits as its type holds.</summary>
    public string Show(double value) => type switch
    {
        ElementType.Float or ElementType.BFloat16 => ((float)value).ToString(CultureInfo.InvariantCulture),
        ElementType.Float16 => ((Half)value).ToString(CultureInfo.InvariantCulture),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static IEnumerable<string> Parts(ExpectationDocument document)
    {
        if (document is { Min: { } least, Max: { } most })
            yield return string.Create(CultureInfo.InvariantCulture, $"from {least} to {most}");
        else if (document.Min is { } min)
            yield return string.Create(CultureInfo.InvariantCulture, $"{min} or more");
        else if (document.Max is { } max)
            yield return string.Create(CultureInfo.InvariantCulture, $"{max} or less");
        if (document.Allowed is { } allowed)
            yield return $"one of {string.Join(", ", allowed.Take(10).Select(Text))}{(allowed.Count > 10 ? ", …" : "")}";
        if (document.Required == true)
            yield return "a value in every row";
    }

    private static double Round(double bound, ElementType type) => type switch
    {
        ElementType.Float => (float)bound,
        ElementType.Float16 => (double)(Half)bound,
        // The upper half of a float, to the nearest.
        ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits((float)bound) + 0x8000) & 0xffff0000),
        _ => bound,
    };

    private static double? Number(JsonElement value) =>
        double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
