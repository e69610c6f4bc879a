using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>Range, bounds and factor of one number. An integer is compared as an integer, its bounds cut to integers.</summary>
internal sealed class NumberCheck(Problems problems, SchemaNode schema, string path)
{
    // Two to the 53rd, less one: beyond it neighbours are not told apart.
    const double LargestExact = 9007199254740991;

    public Verdict Run(JsonNode value)
    {
        var limits = schema.Limits;
        var verdict = new Verdict();
        verdict.Add(OutOfRange(value, "Checked"));
        if (limits.MultipleOf is { } factor)
            verdict.Add(NoMultiple(value, factor));
        if (limits.Minimum is { } least && Compare(value, least) is var above && (limits.ExclusiveMinimum ? above <= 0 : above < 0))
            verdict.Add(Beyond(value, least, limits.ExclusiveMinimum ? "greater than" : "greater than or equal to"));
        if (limits.Maximum is { } most && Compare(value, most) is var over && (limits.ExclusiveMaximum ? over >= 0 : over > 0))
            verdict.Add(Beyond(value, most, limits.ExclusiveMaximum ? "less than" : "less than or equal to"));
        verdict.Count();
        return verdict;
    }

    /// <summary>Whether a number with a fraction part means an integer, give or take what binary fractions lose.</summary>
    public static bool IsWhole(double number)
    {
        if (!double.IsFinite(number) || Math.Abs(number) > LargestExact)
            return false;
        var size = Math.Abs(number);
        var whole = Math.Truncate(size);
        return size == whole || (whole > 0 && (size - whole) / (size + whole) < 1e-9);
    }

    Problem? OutOfRange(JsonNode value, string what)
    {
        if (schema.IntOrString)
            return null;
        var isInteger = JsonShape.TryInteger(value, out var integer);
        var number = JsonShape.Number(value);
        var format = Formats.Effective(schema.Limits.Format, schema.Type);
        var fits = schema.Type switch
        {
            "integer" when format == "int32" => isInteger ? integer is >= int.MinValue and <= int.MaxValue : IsInt(number, 2147483648),
            "integer" => isInteger || IsInt(number, 9223372036854775808),
            "number" when format == "float" => Math.Abs(number) <= float.MaxValue,
            _ => true,
        };
        if (fits)
            return null;
        var described = format.Length > 0 ? $"with format {format}" : "(default format)";
        return problems.Whole($"{what} value must be of type {schema.Type} {described} in {path}");
    }

    static bool IsInt(double number, double end) => number == Math.Truncate(number) && number >= -end && number < end;

    Problem? NoMultiple(JsonNode value, double factor)
    {
        var isInteger = JsonShape.TryInteger(value, out var integer);
        var whole = (long)factor;
        if (factor <= 0 || (isInteger && whole <= 0))
            return problems.Factor(path, isInteger ? Text(whole) : GoText.Float(factor));
        var holds = isInteger
            ? integer % whole == 0
            : IsWhole(factor < 1 ? 1 / factor * JsonShape.Number(value) : JsonShape.Number(value) / factor);
        return holds ? null : problems.Invalid(path, value, $"should be a multiple of {(isInteger ? Text(whole) : GoText.Float(factor))}");
    }

    static int Compare(JsonNode value, double bound) => JsonShape.TryInteger(value, out var integer)
        ? integer.CompareTo((long)bound)
        : JsonShape.Number(value).CompareTo(bound);

    Problem Beyond(JsonNode value, double bound, string relation) => problems.Invalid(path, value,
        $"should be {relation} {(JsonShape.TryInteger(value, out _) ? Text((long)bound) : GoText.Float(bound))}");

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
