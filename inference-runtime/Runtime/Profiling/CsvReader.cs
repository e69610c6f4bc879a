using System.Text;

namespace Sluice.Runtime.Profiling;

/// <summary>Records of comma-separated values as RFC 4180 has them: quoted fields may hold commas, quotes (doubled) and line ends.</summary>
internal static class CsvReader
{
    /// <returns>Each record's first line, counted from 1, and its fields; empty lines are left out.</returns>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static IEnumerable<(long Line, IReadOnlyList<string> Fields)> Read(TextReader reader)
    {
        long line = 0;
        while (reader.ReadLine() is { } text)
        {
            var first = ++line;
            while (IsOpen(text))
            {
                text += "\n" + (reader.ReadLine() ?? throw new FormatException($"the quote that opens in line {first} is not closed"));
                line++;
            }
            if (text.Length > 0)
                yield return (first, Fields(text));
        }
    }

    private static bool IsOpen(string text) => text.AsSpan().Count('"') % 2 == 1;

    private static List<string> Fields(string text)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[++i]);
            else if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
                field.Append(c);
        }
        fields.Add(field.ToString());
        return fields;
    }
}
