using System.Text;

namespace Sluice.LocalCluster.Cel.Syntax;

/// <summary>Something that keeps an expression from compiling.</summary>
/// <param name="Position">Index into the source.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record CelIssue(int Position, string Message)
{
    /// <summary>All issues by place, each with its line of the source and a caret, as CEL prints them.</summary>
    public static string Render(string source, IEnumerable<CelIssue> issues) =>
        string.Join('\n', issues.OrderBy(issue => issue.Position).Select(issue => issue.Render(source)));

    string Render(string source)
    {
        var at = Math.Min(Position, source.Length);
        var lineStart = at == 0 ? 0 : source.LastIndexOf('\n', at - 1) + 1;
        var lineEnd = source.IndexOf('\n', at);
        var line = source[lineStart..(lineEnd < 0 ? source.Length : lineEnd)].Replace('\t', ' ');
        var lineNumber = source.AsSpan(0, lineStart).Count('\n') + 1;
        var before = source[lineStart..at].EnumerateRunes().ToArray();
        var caret = new StringBuilder();
        foreach (var rune in before)
            caret.Append(rune.IsAscii ? '.' : '．');
        caret.Append(at < source.Length && source[at] > '\x7f' ? '＾' : '^');
        return $"ERROR: <input>:{lineNumber}:{before.Length + 1}: {Message}\n | {line}\n | {caret}";
    }
}
