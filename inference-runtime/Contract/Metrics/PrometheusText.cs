using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Sluice.Contract.Metrics;

/// <summary>Writes Prometheus' text exposition format, version 0.0.4.</summary>
public sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder text = new();

    internal void Header(MetricFamily family)
    {
        text.Append("# HELP ").Append(family.Name).Append(' ');
        Escape(family.Descriptor.Help, quotes: false);
        text.Append("\n# TYPE ").Append(family.Name).Append(' ').Append(Word(family.Descriptor.Type)).Append('\n');
    }

    internal void Sample(string name, ImmutableArray<string> labels, ImmutableArray<string> values, double value)
    {
        text.Append(name);
        Labels(labels, values, le: null);
        Value(value);
    }

    internal void Buckets(string name, ImmutableArray<string> labels, ImmutableArray<string> values, Histogram histogram)
    {
        var cumulative = histogram.Cumulative();
        for (var i = 0; i < cumulative.Length; i++)
        {
            var bound = i < histogram.Bounds.Length ? Number(histogram.Bounds[i]) : "+Inf";
            text.Append(name).Append("_bucket");
            Labels(labels, values, bound);
            Value(cumulative[i]);
        }
        Sample(name + "_sum", labels, values, histogram.Sum);
        Sample(name + "_count", labels, values, cumulative[^1]);
    }

    internal ReadOnlyMemory<byte> ToUtf8() => Encoding.UTF8.GetBytes(text.ToString());

    private static string Word(MetricType type) => type switch
    {
        MetricType.Counter => "counter",
        MetricType.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private void Value(double value) => text.Append(' ').Append(Number(value)).Append('\n');

    private void Labels(ImmutableArray<string> labels, ImmutableArray<string> values, string? le)
    {
        if (labels.Length == 0 && le is null)
            return;
        text.Append('{');
        for (var i = 0; i < labels.Length; i++)
        {
            if (i > 0)
                text.Append(',');
            text.Append(labels[i]).Append("=\"");
            Escape(values[i], quotes: true);
            text.Append('"');
        }
        if (le is not null)
            text.Append(labels.Length > 0 ? "," : string.Empty).Append("le=\"").Append(le).Append('"');
        text.Append('}');
    }

    private void Escape(string value, bool quotes)
    {
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '"' when quotes => text.Append("\\\""),
                _ => text.Append(c),
            };
        }
    }
}
