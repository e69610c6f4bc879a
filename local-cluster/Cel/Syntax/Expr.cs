using System.Collections.Immutable;
using Sluice.LocalCluster.Cel.Functions;
using Sluice.LocalCluster.Cel.Typing;

namespace Sluice.LocalCluster.Cel.Syntax;

/// <summary>A node of the syntax tree. The type checker notes types and resolved names on it; after that it is read-only.</summary>
/// <param name="position">Where errors about the node point: an operator, an opening bracket, a name.</param>
internal abstract class Expr(int position)
{
    public int Position { get; } = position;

    public CelType Type { get; set; } = CelType.Error;

    protected virtual IEnumerable<Expr> Children => [];

    /// <summary>This node and all below it.</summary>
    public IEnumerable<Expr> Walk() => Children.SelectMany(child => child.Walk()).Prepend(this);
}

internal sealed class ConstantExpr(int position, object? value, CelType type) : Expr(position)
{
    public object? Value { get; } = value;

    public CelType ValueType { get; } = type;
}

internal sealed class IdentifierExpr(int position, string name) : Expr(position)
{
    public string Name { get; } = name;
}

/// <summary><c>operand.field</c>, or <c>has(operand.field)</c>.</summary>
internal sealed class SelectExpr(int position, Expr operand, string field, bool testOnly = false) : Expr(position)
{
    public Expr Operand { get; } = operand;

    protected override IEnumerable<Expr> Children => [Operand];

    public string Field { get; } = field;

    public bool TestOnly { get; } = testOnly;

    /// <summary>The full name when the whole chain turned out to name a type, such as <c>google.protobuf.Timestamp</c>.</summary>
    public string? QualifiedName { get; set; }
}

/// <summary>A call of a function, an operator or a method.</summary>
internal sealed class CallExpr(int position, string function, Expr? target, ImmutableArray<Expr> arguments) : Expr(position)
{
    public string Function { get; set; } = function;

    /// <summary>The receiver; cleared when it turned out to be the namespace of the function.</summary>
    public Expr? Target { get; set; } = target;

    public ImmutableArray<Expr> Arguments { get; } = arguments;

    /// <summary>The forms of the function that the types of the arguments leave open.</summary>
    public IReadOnlyList<Overload> Candidates { get; set; } = [];

    protected override IEnumerable<Expr> Children => Target is null ? Arguments : Arguments.Prepend(Target);
}

internal sealed class ListExpr(int position, ImmutableArray<(Expr Value, bool Optional)> elements) : Expr(position)
{
    public ImmutableArray<(Expr Value, bool Optional)> Elements { get; } = elements;

    protected override IEnumerable<Expr> Children => Elements.Select(element => element.Value);
}

internal sealed class MapExpr(int position, ImmutableArray<(Expr Key, Expr Value, bool Optional)> entries) : Expr(position)
{
    public ImmutableArray<(Expr Key, Expr Value, bool Optional)> Entries { get; } = entries;

    protected override IEnumerable<Expr> Children => Entries.SelectMany(entry => (Expr[])[entry.Key, entry.Value]);
}

/// <summary><c>Name{…}</c>. Rules of custom resources know no message types, so this never passes the checker.</summary>
internal sealed class MessageExpr(int position, string name) : Expr(position)
{
    public string Name { get; } = name;
}

/// <summary>A fold over a list or map; every macro that iterates becomes one.</summary>
internal sealed class FoldExpr(int position, Expr range, string variable, string? secondVariable, string accumulator, FoldBody body)
    : Expr(position)
{
    public Expr Range { get; } = range;

    /// <summary>The element of a list, the key of a map; with a second variable, the index of a list.</summary>
    public string Variable { get; } = variable;

    public string? SecondVariable { get; } = secondVariable;

    public string Accumulator { get; } = accumulator;

    public FoldBody Body { get; } = body;

    protected override IEnumerable<Expr> Children => [Range, Body.Initial, Body.Condition, Body.Step, Body.Result];
}

/// <summary>The parts of a fold that see its variables.</summary>
internal sealed record FoldBody(Expr Initial, Expr Condition, Expr Step, Expr Result);
