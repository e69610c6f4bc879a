using System.Globalization;

namespace Sluice.Operator.Traffic;

/// <summary>One line of Prometheus' text format.</summary>
/// <param name="Name">The series' name.</param>
/// <param name="Labels">By name.</param>
/// <param name="Value">May be NaN or infinite.</param>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public string? Label(string name) => Labels.GetValueOrDefault(name);
}

/// <summary>Reads Prometheus' text format, version 0.0.4. A line that is none is passed over: one bad series must not hide the others.</summary>
internal static class Samples
{
    static readonly Dictionary<string, string> None = [];

    public static IEnumerable<Sample> Of(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Length > 0 && line[0] != '#' && OfLine(line) is { } sample)
                yield return sample;
        }
    }

    static Sample? OfLine(string line)
    {
        var end = line.IndexOfAny(['{', ' ']);
        if (end <= 0)
            return null;
        var name = line[..end];
        var labels = None;
        if (line[end] == '{' && !TryLabels(line, ref end, out labels))
            return null;
        var rest = line[end..].Trim();
        var stop = rest.IndexOf(' ', StringComparison.Ordinal);
        return Number(stop < 0 ? rest : rest[..stop]) is { } value ? new Sample(name, labels, value) : null;
    }

    static bool TryLabels(string line, ref int at, out Dictionary<string, string> labels)
    {
        labels = [];
        at++;
        while (at < line.Length && line[at] != '}')
        {
            var equals = line.IndexOf("=\"", at, StringComparison.Ordinal);
            if (equals < 0)
                return false;
            var label = line[at..equals];
            at = equals + 2;
            if (Quoted(line, ref at) is not { } value)
                return false;
            labels[label] = value;
            if (at < line.Length && line[at] == ',')
                at++;
        }

        return at++ < line.Length;
    }

    /// <summary>From behind the opening quote to behind the closing one.</summary>
    static string? Quoted(string line, ref int at)
    {
        var value = new System.Text.StringBuilder();
        while (at < line.Length && line[at] != '"')
        {
            if (line[at] != '\\')
                value.Append(line[at++]);
            else if (at + 1 < line.Length)
            {
                value.Append(line[at + 1] == 'n' ? '\n' : line[at + 1]);
                at += 2;
            }
            else
                return null;
        }

        return at++ < line.Length ? value.ToString() : null;
    }

    static double? Number(string text) => text switch
    {
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };
}
