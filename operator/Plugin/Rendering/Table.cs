using System.Text;

namespace Sluice.Plugin.Rendering;

/// <summary>Columns that line up; a cell is measured without its colours, and the last one is never padded.</summary>
internal sealed class Table(int indent = 0)
{
    const string Gap = "   ";
    readonly List<Cell[]> _rows = [];

    public void Add(params Cell[] cells) => _rows.Add(cells);

    public void WriteTo(StringBuilder text)
    {
        if (_rows.Count == 0)
            return;
        var widths = new int[_rows.Max(static r => r.Length)];
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Length; i++)
                widths[i] = Math.Max(widths[i], row[i].Text.Length);
        }

        foreach (var row in _rows)
        {
            var line = new StringBuilder().Append(' ', indent);
            for (var i = 0; i < row.Length; i++)
            {
                line.Append(row[i].Painted);
                if (i < row.Length - 1)
                    line.Append(' ', widths[i] - row[i].Text.Length).Append(Gap);
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
    }
}

/// <summary>One cell: what it says, and how that looks.</summary>
internal readonly record struct Cell(string Text, string Painted)
{
    public static implicit operator Cell(string? text) => FromString(text);

    public static Cell FromString(string? text) => new(text ?? "", text ?? "");
}
