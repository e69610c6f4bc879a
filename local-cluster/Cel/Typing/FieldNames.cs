using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.LocalCluster.Cel.Typing;

/// <summary>How members of objects are spelled in rules where their names are no identifiers.</summary>
internal static partial class FieldNames
{
    static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
        "loop", "package", "namespace", "return", "var", "void", "while",
    };

    /// <summary><c>x-y</c> becomes <c>x__dash__y</c>, <c>for</c> becomes <c>__for__</c>. Null: no rule can reach the member.</summary>
    public static string? Escape(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            return null;
        if (Reserved.Contains(name))
            return $"__{name}__";
        var escaped = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            switch (name[i])
            {
                case '_' when i + 1 < name.Length && name[i + 1] == '_':
                    escaped.Append("__underscores__");
                    i++;
                    break;
                case '.': escaped.Append("__dot__"); break;
                case '-': escaped.Append("__dash__"); break;
                case '/': escaped.Append("__slash__"); break;
                case var c when char.IsAsciiLetterOrDigit(c) || c == '_': escaped.Append(c); break;
                default: return null;
            }
        }
        return escaped.ToString();
    }

    /// <summary>The member's name again; null when the text holds an escape that <see cref="Escape"/> does not write.</summary>
    public static string? Unescape(string escaped)
    {
        var valid = true;
        var name = Escapes().Replace(escaped, match =>
        {
            var inner = match.Value[2..^2];
            var plain = inner switch { "underscores" => "__", "dot" => ".", "dash" => "-", "slash" => "/", _ => null };
            if (plain is null && Reserved.Contains(inner))
                plain = match.Length == escaped.Length ? inner : null;
            valid &= plain is not null;
            return plain ?? "";
        });
        return valid ? name : null;
    }

    [GeneratedRegex("__[^_]+__")]
    private static partial Regex Escapes();
}
