using System.Collections.Immutable;
using Sluice.LocalCluster.Cel.Typing;

namespace Sluice.LocalCluster.Cel.Syntax;

/// <summary>Builds the syntax tree of one expression and expands its macros. Stops at the first mistake in the grammar.</summary>
internal sealed class Parser
{
    const int MaxDepth = 250;

    static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
        "return", "var", "void", "while",
    };

    const string WantedExpression =
        "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

    readonly List<CelIssue> issues;
    readonly List<Token> tokens;
    int at;
    int depth;

    Parser(string source, List<CelIssue> issues)
    {
        this.issues = issues;
        tokens = new Lexer(source, issues).Run();
    }

    /// <summary>The tree, or null when the source does not parse; then there are issues.</summary>
    public static Expr? Parse(string source, List<CelIssue> issues)
    {
        var parser = new Parser(source, issues);
        try
        {
            var expression = parser.Expression();
            if (parser.Current.Kind != TokenKind.End)
                parser.Fail($"mismatched input '{parser.Current.Text}' expecting <EOF>");
            return issues.Count == 0 ? expression : null;
        }
        catch (SyntaxException e)
        {
            issues.Add(e.Issue);
            return null;
        }
    }

    Token Current => tokens[at];

    Token Take() => tokens[at++];

    bool TakeIf(string symbol)
    {
        if (!Current.Is(symbol))
            return false;
        at++;
        return true;
    }

    Token Expect(string symbol)
    {
        if (!Current.Is(symbol))
            Fail($"mismatched input '{Current.Text}' expecting '{symbol}'");
        return Take();
    }

    void Fail(string message) => throw new SyntaxException(new CelIssue(Current.Position, $"Syntax error: {message}"));

    Expr Expression()
    {
        if (++depth > MaxDepth)
            throw new SyntaxException(new CelIssue(Current.Position, "expression recursion limit exceeded: 250"));
        var condition = Or();
        if (Current.Is("?"))
        {
            var position = Take().Position;
            var ifTrue = Or();
            Expect(":");
            condition = Call(position, Operators.Conditional, condition, ifTrue, Expression());
        }
        depth--;
        return condition;
    }

    Expr Or() => LeftToRight(And, "||", Operators.Or);

    Expr And() => LeftToRight(Relation, "&&", Operators.And);

    Expr LeftToRight(Func<Expr> operand, string symbol, string function)
    {
        var left = operand();
        while (Current.Is(symbol))
        {
            var position = Take().Position;
            left = Call(position, function, left, operand());
        }
        return left;
    }

    Expr Relation() => Binary(Sum, static symbol => symbol switch
    {
        "<" => Operators.Less,
        "<=" => Operators.LessEquals,
        ">" => Operators.Greater,
        ">=" => Operators.GreaterEquals,
        "==" => Operators.IsEqual,
        "!=" => Operators.IsNotEqual,
        "in" => Operators.In,
        _ => null,
    });

    Expr Sum() => Binary(Product, static symbol => symbol switch { "+" => Operators.Add, "-" => Operators.Subtract, _ => null });

    Expr Product() => Binary(Unary, static symbol => symbol switch
    {
        "*" => Operators.Multiply,
        "/" => Operators.Divide,
        "%" => Operators.Modulo,
        _ => null,
    });

    Expr Binary(Func<Expr> operand, Func<string, string?> function)
    {
        var left = operand();
        while (Current.Kind == TokenKind.Symbol && function(Current.Text) is { } name)
        {
            var position = Take().Position;
            left = Call(position, name, left, operand());
        }
        return left;
    }

    Expr Unary()
    {
        var symbol = Current.Text;
        if (!Current.Is("!") && (!Current.Is("-") || IsNegativeNumber))
            return Member();
        var position = Current.Position;
        var count = 0;
        while (Current.Is(symbol) && !(symbol == "-" && IsNegativeNumber))
        {
            at++;
            count++;
        }
        var operand = Member();
        return count % 2 == 0 ? operand : Call(position, symbol == "!" ? Operators.Not : Operators.Negate, operand);
    }

    bool IsNegativeNumber => Current.Is("-") && tokens[at + 1].Kind is TokenKind.Int or TokenKind.Float;

    Expr Member()
    {
        var expression = Primary();
        while (true)
        {
            if (Current.Is("."))
                expression = Selection(expression);
            else if (Current.Is("["))
            {
                var position = Take().Position;
                var optional = TakeIf("?");
                var index = Expression();
                Expect("]");
                expression = Call(position, optional ? Operators.OptionalIndex : Operators.Index, expression, index);
            }
            else
                return expression;
        }
    }

    Expr Selection(Expr operand)
    {
        var position = Take().Position;
        var optional = TakeIf("?");
        if (Current.Kind is not (TokenKind.Identifier or TokenKind.QuotedIdentifier))
            Fail($"mismatched input '{Current.Text}' expecting IDENTIFIER");
        var name = Take();
        if (!optional && name.Kind == TokenKind.Identifier && Current.Is("("))
        {
            var open = Take().Position;
            return CallOrMacro(open, name.Text, operand, Arguments(")"));
        }
        if (name.Kind == TokenKind.QuotedIdentifier)
            issues.Add(new CelIssue(name.Position, "unsupported syntax: '`'"));
        return optional
            ? Call(position, Operators.OptionalSelect, operand, new ConstantExpr(name.Position, name.Text, CelType.String))
            : new SelectExpr(position, operand, name.Text);
    }

    ImmutableArray<Expr> Arguments(string close)
    {
        var arguments = ImmutableArray.CreateBuilder<Expr>();
        while (!Current.Is(close))
        {
            arguments.Add(Expression());
            if (!TakeIf(","))
                break;
        }
        Expect(close);
        return arguments.ToImmutable();
    }

    Expr Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Int or TokenKind.Uint or TokenKind.Float or TokenKind.String or TokenKind.Bytes:
                return Constant();
            case TokenKind.Identifier:
                return Name(leadingDot: false);
            case TokenKind.Symbol when token.Text is "true" or "false":
                return new ConstantExpr(Take().Position, token.Text == "true", CelType.Bool);
            case TokenKind.Symbol when token.Text == "null":
                return new ConstantExpr(Take().Position, null, CelType.Null);
            case TokenKind.Symbol when token.Text == "-" && IsNegativeNumber:
                return Constant();
            case TokenKind.Symbol when token.Text == "." && tokens[at + 1].Kind == TokenKind.Identifier:
                at++;
                return Name(leadingDot: true);
            case TokenKind.Symbol when token.Text == "(":
                at++;
                var inner = Expression();
                Expect(")");
                return inner;
            case TokenKind.Symbol when token.Text == "[":
                return List();
            case TokenKind.Symbol when token.Text == "{":
                return Map();
        }
        Fail($"mismatched input '{token.Text}' expecting {WantedExpression}");
        return null!;
    }

    Expr Name(bool leadingDot)
    {
        var name = Take();
        if (Reserved.Contains(name.Text))
            throw new SyntaxException(new CelIssue(name.Position, $"reserved identifier: {name.Text}"));
        var text = leadingDot ? "." + name.Text : name.Text;
        if (Current.Is("("))
        {
            var open = Take().Position;
            return CallOrMacro(open, text, null, Arguments(")"));
        }
        return MessageName(text) is { } message ? Message(message) : new IdentifierExpr(name.Position, text);
    }

    /// <summary>A dotted name that is followed by a brace begins a message.</summary>
    string? MessageName(string first)
    {
        var ahead = at;
        var name = first;
        while (tokens[ahead].Is(".") && tokens[ahead + 1].Kind == TokenKind.Identifier)
        {
            name += "." + tokens[ahead + 1].Text;
            ahead += 2;
        }
        if (!tokens[ahead].Is("{"))
            return null;
        at = ahead;
        return name;
    }

    MessageExpr Message(string name)
    {
        var open = Expect("{").Position;
        while (!Current.Is("}"))
        {
            TakeIf("?");
            if (Current.Kind != TokenKind.Identifier)
                Fail($"mismatched input '{Current.Text}' expecting IDENTIFIER");
            at++;
            Expect(":");
            Expression();
            if (!TakeIf(","))
                break;
        }
        Expect("}");
        return new MessageExpr(open, name);
    }

    ListExpr List()
    {
        var open = Take().Position;
        var elements = ImmutableArray.CreateBuilder<(Expr, bool)>();
        while (!Current.Is("]"))
        {
            var optional = TakeIf("?");
            elements.Add((Expression(), optional));
            if (!TakeIf(","))
                break;
        }
        Expect("]");
        return new ListExpr(open, elements.ToImmutable());
    }

    MapExpr Map()
    {
        var open = Take().Position;
        var entries = ImmutableArray.CreateBuilder<(Expr, Expr, bool)>();
        while (!Current.Is("}"))
        {
            var optional = TakeIf("?");
            var key = Expression();
            Expect(":");
            entries.Add((key, Expression(), optional));
            if (!TakeIf(","))
                break;
        }
        Expect("}");
        return new MapExpr(open, entries.ToImmutable());
    }

    ConstantExpr Constant()
    {
        var position = Current.Position;
        var negative = TakeIf("-");
        var token = Take();
        try
        {
            return token.Kind switch
            {
                TokenKind.Int => new(position, Or(Literal.Int(token.Text, negative), "invalid int literal"), CelType.Int),
                TokenKind.Uint => new(position, Or(Literal.Uint(token.Text), "invalid uint literal"), CelType.Uint),
                TokenKind.Float => new(position, Or(Literal.Double((negative ? "-" : "") + token.Text), "invalid double literal"), CelType.Double),
                TokenKind.String => new(position, Literal.String(token.Text), CelType.String),
                _ => new(position, new Values.CelBytes(Literal.Bytes(token.Text)), CelType.Bytes),
            };
        }
        catch (FormatException e)
        {
            throw new SyntaxException(new CelIssue(position, token.Kind is TokenKind.String
                ? $"Syntax error: token recognition error at: '{token.Text}': {e.Message}"
                : e.Message));
        }

        static T Or<T>(T? value, string message)
            where T : struct => value ?? throw new FormatException(message);
    }

    static CallExpr Call(int position, string function, params ImmutableArray<Expr> arguments) => new(position, function, null, arguments);

    Expr CallOrMacro(int position, string function, Expr? target, ImmutableArray<Expr> arguments)
    {
        try
        {
            return Macros.Expand(position, function, target, arguments) ?? new CallExpr(position, function, target, arguments);
        }
        catch (SyntaxException e)
        {
            // A macro's arguments are judged without losing track of the grammar, so reading goes on.
            issues.Add(e.Issue);
            return new CallExpr(position, function, target, arguments);
        }
    }
}

/// <summary>Leaves the parser at a mistake.</summary>
internal sealed class SyntaxException(CelIssue issue) : Exception(issue.Message)
{
    public CelIssue Issue { get; } = issue;
}
