using System.Collections.Immutable;
using Sluice.LocalCluster.Cel.Typing;

namespace Sluice.LocalCluster.Cel.Syntax;

/// <summary>
/// What looks like a call but binds variables. Each becomes a fold, a presence test or a conditional, in the way that the
/// language's definition gives, so that types and errors come out as they must.
/// </summary>
internal sealed class Macros
{
    const string Accumulator = "@result";

    readonly int position;
    readonly Expr target;
    readonly ImmutableArray<Expr> arguments;

    Macros(int position, Expr target, ImmutableArray<Expr> arguments)
    {
        this.position = position;
        this.target = target;
        this.arguments = arguments;
    }

    /// <summary>The expansion, or null when the call is an ordinary one.</summary>
    /// <exception cref="SyntaxException">It is a macro, with arguments that it does not take.</exception>
    public static Expr? Expand(int position, string function, Expr? target, ImmutableArray<Expr> arguments)
    {
        if (target is null)
            return function == "has" && arguments.Length == 1 ? Has(position, arguments[0]) : null;
        var macro = new Macros(position, target, arguments);
        return (function, arguments.Length) switch
        {
            ("all", 2 or 3) => macro.All(),
            ("exists", 2 or 3) => macro.Exists(),
            ("exists_one", 2 or 3) or ("existsOne", 3) => macro.ExistsOne(),
            ("map", 2 or 3) => macro.Map(),
            ("filter", 2) => macro.Filter(),
            ("transformList", 3 or 4) => macro.TransformList(),
            ("transformMap", 3 or 4) => macro.TransformMap(),
            ("sortBy", 2) => macro.SortBy(),
            ("optMap", 2) => macro.OptionalMap(flat: false),
            ("optFlatMap", 2) => macro.OptionalMap(flat: true),
            _ => null,
        };
    }

    static SelectExpr Has(int position, Expr argument) => argument is SelectExpr { TestOnly: false } select
        ? new SelectExpr(position, select.Operand, select.Field, testOnly: true)
        : throw new SyntaxException(new CelIssue(argument.Position, "invalid argument to has() macro"));

    FoldExpr All() => Fold(Predicate, True, Call(Operators.NotStrictlyFalse, Result), Call(Operators.And, Result, arguments[^1]), Result);

    FoldExpr Exists() => Fold(
        Predicate, Constant(false, CelType.Bool), Call(Operators.NotStrictlyFalse, Call(Operators.Not, Result)),
        Call(Operators.Or, Result, arguments[^1]), Result);

    FoldExpr ExistsOne()
    {
        var next = Call(Operators.Add, Result, Constant(1L, CelType.Int));
        return Fold(
            Predicate, Constant(0L, CelType.Int), True, Call(Operators.Conditional, arguments[^1], next, Result),
            Call(Operators.IsEqual, Result, Constant(1L, CelType.Int)));
    }

    /// <summary><c>map(x, f)</c> and <c>map(x, filter, f)</c>: unlike the other macros, three arguments mean one variable.</summary>
    FoldExpr Map()
    {
        var step = Append(arguments[^1]);
        return Fold([Variable(0, "argument is not an identifier")], List(), True,
            arguments.Length == 3 ? Call(Operators.Conditional, arguments[1], step, Result) : step, Result);
    }

    FoldExpr Filter() => Fold([Variable(0, "argument is not an identifier")], List(), True,
        Call(Operators.Conditional, arguments[1], Append(arguments[0]), Result), Result);

    /// <summary>Sorts by keys that are mapped first, each once.</summary>
    CallExpr SortBy() => new(position, Operators.SortByKeys, target, [Map()]);

    FoldExpr TransformList() => Fold(TwoVariables, List(), True, Filtered(Append(arguments[^1])), Result);

    FoldExpr TransformMap()
    {
        var key = new IdentifierExpr(position, TwoVariables[0]);
        return Fold(TwoVariables, new MapExpr(position, []), True, Filtered(Call(Operators.MapInsert, Result, key, arguments[^1])), Result);
    }

    CallExpr Filtered(CallExpr step) => arguments.Length == 4 ? Call(Operators.Conditional, arguments[2], step, Result) : step;

    CallExpr OptionalMap(bool flat)
    {
        var name = flat ? "optFlatMap" : "optMap";
        var variable = Variable(0, $"{name}() variable name must be a simple identifier");
        var value = new CallExpr(position, "value", target, []);
        var mapped = new FoldExpr(position, List(), "#unused", null, variable,
            new FoldBody(value, Constant(false, CelType.Bool), new IdentifierExpr(position, variable), arguments[1]));
        return Call(Operators.Conditional, new CallExpr(position, "hasValue", target, []),
            flat ? mapped : Call("optional.of", mapped), Call("optional.none"));
    }

    string[] Predicate => arguments.Length == 3
        ? TwoVariables
        : [Variable(0, "argument must be a simple name")];

    string[] TwoVariables
    {
        get
        {
            string[] names = [Variable(0, "argument must be a simple name"), Variable(1, "argument must be a simple name")];
            return names[0] != names[1]
                ? names
                : throw new SyntaxException(new CelIssue(arguments[1].Position, $"duplicate variable name: {names[1]}"));
        }
    }

    string Variable(int index, string otherwise) => arguments[index] switch
    {
        IdentifierExpr { Name: "__result__" } => throw new SyntaxException(
            new CelIssue(arguments[index].Position, "iteration variable overwrites accumulator variable")),
        IdentifierExpr identifier when !identifier.Name.StartsWith('.') => identifier.Name,
        _ => throw new SyntaxException(new CelIssue(arguments[index].Position, otherwise)),
    };

    FoldExpr Fold(string[] variables, Expr initial, Expr condition, Expr step, Expr result) => new(
        position, target, variables[0], variables.Length > 1 ? variables[1] : null, Accumulator,
        new FoldBody(initial, condition, step, result));

    CallExpr Append(Expr element) => Call(Operators.Add, Result, new ListExpr(position, [(element, false)]));

    IdentifierExpr Result => new(position, Accumulator);

    ConstantExpr True => Constant(true, CelType.Bool);

    ListExpr List() => new(position, []);

    ConstantExpr Constant(object value, CelType type) => new(position, value, type);

    CallExpr Call(string function, params ImmutableArray<Expr> values) => new(position, function, null, values);
}
