using System.Globalization;
using System.Text;
using Sluice.Onnx;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Profiling;

/// <summary>Which columns of a table are a model's features, and how a row of them becomes a V1 instance.</summary>
internal sealed class CsvColumns
{
    private static readonly string[] Missing = ["", "NaN", "nan", "NA", "null"];

    private readonly IReadOnlyList<string> header;
    private readonly List<(int Column, Port Input)> used;
    private readonly IReadOnlyCollection<string> ignored;
    private readonly bool isList;

    private CsvColumns(IReadOnlyList<string> header, IReadOnlyCollection<string> ignored, List<(int Column, Port Input)> used, bool isList) =>
        (this.header, this.ignored, this.used, this.isList) = (header, ignored, used, isList);

    /// <summary>Columns that no input takes, but for those that were said to be ignored.</summary>
    public IEnumerable<string> Unused => header.Where((name, i) => !ignored.Contains(name) && used.TrueForAll(u => u.Column != i));

    /// <summary>By name where the model has an input for each column; in their order where one input takes them all.</summary>
    /// <param name="header">Names of the columns.</param>
    /// <param name="signature">Of the model.</param>
    /// <param name="ignored">Columns that are no features.</param>
    /// <exception cref="FormatException">The columns do not fit the model.</exception>
    public static CsvColumns For(IReadOnlyList<string> header, Signature signature, IReadOnlyCollection<string> ignored)
    {
        if (ignored.FirstOrDefault(i => !header.Contains(i)) is { } unknown)
            throw new FormatException($"it has no column \"{unknown}\" to ignore; its columns are {string.Join(", ", header)}");
        var inputs = signature.Inputs.Where(static p => p.Required).ToList();
        var kept = Enumerable.Range(0, header.Count).Where(i => !ignored.Contains(header[i])).ToList();
        if (inputs.TrueForAll(p => kept.Exists(i => header[i] == p.Name)))
            return new CsvColumns(header, ignored, [.. inputs.Select(p => (kept.First(i => header[i] == p.Name), p))], isList: false);
        if (inputs.Count > 1)
        {
            var lacking = inputs.Where(p => !kept.Exists(i => header[i] == p.Name)).Select(static p => p.Name);
            throw new FormatException($"the model has an input for each column, and there is no column {string.Join(", ", lacking)}");
        }
        var shape = inputs[0].Shape;
        var width = shape.Length switch { 0 => 1, 1 => shape[0].IsFixed ? shape[0].Size : 1, _ => shape[^1].IsFixed ? shape[^1].Size : kept.Count };
        return kept.Count == width
            ? new CsvColumns(header, ignored, [.. kept.Select(i => (i, inputs[0]))], isList: true)
            : throw new FormatException(
                $"it has {kept.Count} columns ({string.Join(", ", kept.Select(i => header[i]))}), and input \"{inputs[0].Name}\" takes {width}; leave out what is no feature with --ignore COLUMN,…");
    }

    /// <exception cref="FormatException">A field is not of its input's type.</exception>
    public string Instance(IReadOnlyList<string> fields)
    {
        if (fields.Count != header.Count)
            throw new FormatException($"it has {fields.Count} fields, the header has {header.Count}");
        var json = new JsonBuffer();
        json.Byte((byte)(isList ? '[' : '{'));
        for (var i = 0; i < used.Count; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            var (column, input) = used[i];
            if (!isList)
            {
                json.Raw(input.JsonName);
                json.Byte((byte)':');
            }
            Value(json, fields[column], input, header[column]);
        }
        json.Byte((byte)(isList ? ']' : '}'));
        return Encoding.UTF8.GetString(json.Written);
    }

    private static void Value(JsonBuffer json, string field, Port input, string column)
    {
        var type = input.Info.Type is TensorType tensor ? tensor.Element : ElementType.Undefined;
        var text = field.Trim();
        if (type == ElementType.String)
            json.String(field);
        else if (type == ElementType.Bool && (bool.TryParse(text, out var truth) || text is "0" or "1"))
            json.Bool(truth || text == "1");
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            json.Number(whole);
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && type != ElementType.Bool)
            json.Number(number);
        else if (Missing.Contains(text))
            json.Number(double.NaN);
        else
            throw new FormatException($"column {column} holds \"{Excerpt.Of(text)}\", and input \"{input.Name}\" takes {input.Datatype}");
    }
}
