using System.Text;

namespace Sluice.Runtime.Profiling;

/// <summary>Records of comma-separated values as RFC 4180 has them: quoted fields may hold commas, quotes (doubled) and line ends.</summary>
internal static class CsvReader
{
    /// <summary>Characters of a record; more are a quote that somebody forgot to close.</summary>
    private const int Longest = 1 << 20;

    /// <returns>Each record's first line, counted from 1, its text and its fields; empty lines are left out.</returns>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static IEnumerable<(long Line, string Text, IReadOnlyList<string> Fields)> Read(TextReader reader)
    {
        long line = 0;
        while (reader.ReadLine() is { } text)
        {
            var first = ++line;
            if (IsOpen(text))
                text = ReadOn(reader, text, ref line);
            if (text.Length > 0)
                yield return (first, text, Fields(text));
        }
    }

    private static string ReadOn(TextReader reader, string begun, ref long line)
    {
        var (first, record) = (line, new StringBuilder(begun));
        for (var isOpen = true; isOpen; line++)
        {
            if (reader.ReadLine() is not { } more || record.Length > Longest)
                throw new FormatException($"the quote that opens in line {first} is not closed");
            record.Append('\n').Append(more);
            isOpen ^= IsOpen(more);
        }
        return record.ToString();
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
