namespace Sluice.LocalCluster.Api.Selection;

/// <summary>A field selector: <c>metadata.name=x,status.phase!=Running</c>.</summary>
internal sealed class FieldSelector
{
    FieldSelector(IReadOnlyList<Term> terms) => Terms = terms;

    /// <param name="Field">The path.</param>
    /// <param name="Equal">Whether it must equal, or must not.</param>
    /// <param name="Value">The value.</param>
    internal sealed record Term(string Field, bool Equal, string Value);

    public static FieldSelector Everything { get; } = new([]);

    public IReadOnlyList<Term> Terms { get; }

    /// <exception cref="SelectorException">The text is no selector.</exception>
    public static FieldSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Everything;
        return new([.. text.Split(',').Where(part => part.Length > 0).Select(part =>
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new SelectorException($"invalid selector: '{part}'; can't understand '{part}'");
            var unequal = part[equals - 1] == '!';
            var value = part[(equals + 1)..];
            return new Term(part[..(unequal ? equals - 1 : equals)].Trim(), !unequal, value.StartsWith('=') ? value[1..] : value);
        })]);
    }

    /// <summary>The value that a field must have, when the selector fixes one.</summary>
    public string? Required(string field) => Terms.FirstOrDefault(term => term.Equal && term.Field == field)?.Value;

    /// <param name="valueOf">The value of a field; empty when it is not set.</param>
    public bool Matches(Func<string, string> valueOf) => Terms.All(term => valueOf(term.Field) == term.Value == term.Equal);
}
