namespace Sluice.LocalCluster.Cel.Syntax;

internal enum TokenKind
{
    End,
    Identifier,
    QuotedIdentifier,
    Int,
    Uint,
    Float,
    String,
    Bytes,
    /// <summary>Punctuation, an operator, or one of <c>true false null in</c>.</summary>
    Symbol,
}

/// <summary>A token with its place in the source.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;
}
