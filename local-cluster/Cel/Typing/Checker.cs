using System.Collections.Immutable;
using Sluice.LocalCluster.Cel.Functions;
using Sluice.LocalCluster.Cel.Syntax;

namespace Sluice.LocalCluster.Cel.Typing;

/// <summary>
/// Finds the type of every node, and reports what cannot work before anything runs. Notes on the tree which dotted names
/// turned out to be functions or types.
/// </summary>
internal sealed class Checker
{
    readonly List<CelIssue> issues;
    readonly Unification types = new();
    readonly HashSet<string> used = new(StringComparer.Ordinal);
    ImmutableDictionary<string, CelType> scope;
    ImmutableHashSet<string> shadowed = [];

    Checker(IReadOnlyDictionary<string, CelType> variables, List<CelIssue> issues)
    {
        this.issues = issues;
        scope = variables.ToImmutableDictionary();
    }

    /// <summary>The expression's type, and which of the variables it uses.</summary>
    public static (CelType Type, IReadOnlySet<string> Used) Run(
        Expr expression, IReadOnlyDictionary<string, CelType> variables, List<CelIssue> issues)
    {
        var checker = new Checker(variables, issues);
        var type = checker.types.Resolve(checker.Check(expression), unknownIsDyn: true);
        foreach (var node in expression.Walk())
            node.Type = checker.types.Resolve(node.Type, unknownIsDyn: true);
        return (type, checker.used);
    }

    CelType Check(Expr expression)
    {
        expression.Type = expression switch
        {
            ConstantExpr constant => constant.ValueType,
            IdentifierExpr identifier => Identifier(identifier),
            SelectExpr select => Select(select),
            CallExpr call => Call(call),
            ListExpr list => List(list),
            MapExpr map => Map(map),
            FoldExpr fold => Fold(fold),
            MessageExpr message => Undeclared(message, message.Name),
            _ => throw new InvalidOperationException($"no rule for {expression.GetType().Name}"),
        };
        return expression.Type;
    }

    CelType Report(Expr at, string message)
    {
        issues.Add(new CelIssue(at.Position, message));
        return CelType.Error;
    }

    CelType Undeclared(Expr at, string name) => Report(at, $"undeclared reference to '{name}' (in container '')");

    CelType Mismatch(Expr at, CelType expected, CelType found) =>
        Report(at, $"expected type '{types.Resolve(expected)}' but found '{types.Resolve(found)}'");

    CelType Identifier(IdentifierExpr identifier)
    {
        var name = identifier.Name.TrimStart('.');
        if (scope.TryGetValue(name, out var type))
        {
            if (!shadowed.Contains(name))
                used.Add(name);
            return type;
        }
        return TypeNames.Find(name) ?? Undeclared(identifier, identifier.Name);
    }

    CelType Select(SelectExpr select)
    {
        if (!select.TestOnly && QualifiedName(select) is { } name && !scope.ContainsKey(name.Split('.')[0])
            && TypeNames.Find(name) is { } type)
        {
            select.QualifiedName = name;
            return type;
        }
        var field = Field(select, select.Operand, select.Field, optional: false);
        return select.TestOnly ? CelType.Bool : types.Resolve(field);
    }

    CelType Field(Expr at, Expr operand, string field, bool optional)
    {
        var operandType = types.Resolve(Check(operand));
        var target = operandType.Unwrapped ?? operandType;
        var result = target.Kind switch
        {
            CelKind.Map => target.Parameters[1],
            CelKind.Struct => FieldOf(target, field) ?? Report(at, $"undefined field '{field}'"),
            CelKind.Parameter when types.Assign(CelType.Dyn, target) => CelType.Dyn,
            CelKind.Dyn or CelKind.Error => CelType.Dyn,
            _ => DoesNotHaveFields(at, target),
        };
        return operandType.Unwrapped is not null || optional ? CelType.Optional(result) : result;
    }

    /// <summary>A member that is called like a keyword may be written plainly too.</summary>
    static CelType? FieldOf(CelType type, string field) =>
        type.Fields!.GetValueOrDefault(field) ?? type.Fields!.GetValueOrDefault($"__{field}__");

    CelType DoesNotHaveFields(Expr at, CelType type)
    {
        Report(at, $"type '{type}' does not support field selection");
        return CelType.Dyn;
    }

    static string? QualifiedName(Expr expression) => expression switch
    {
        IdentifierExpr identifier => identifier.Name.TrimStart('.'),
        SelectExpr { TestOnly: false } select when QualifiedName(select.Operand) is { } prefix => $"{prefix}.{select.Field}",
        _ => null,
    };

    CelType Call(CallExpr call)
    {
        if (call.Function == Operators.OptionalSelect)
            return types.Resolve(Field(call, call.Arguments[0], (string)((ConstantExpr)call.Arguments[1]).Value!, optional: true));
        var arguments = call.Arguments.Select(Check).ToList();
        if (call.Target is { } target)
        {
            if (QualifiedName(target) is { } prefix && Library.Find($"{prefix}.{call.Function}") is not null)
            {
                call.Function = $"{prefix}.{call.Function}";
                call.Target = null;
            }
            else
                arguments.Insert(0, Check(target));
        }
        return Library.Find(call.Function) is { } overloads ? Resolve(call, overloads, arguments) : Undeclared(call, call.Function);
    }

    CelType Resolve(CallExpr call, IReadOnlyList<Overload> overloads, List<CelType> arguments)
    {
        if (call.Function is Operators.And or Operators.Or)
            return Logic(call, arguments);
        CelType? result = null;
        var candidates = new List<Overload>();
        foreach (var overload in overloads.Where(overload => overload.IsMember == call.Target is not null))
        {
            var (parameters, resultType) = Instantiate(overload);
            if (!types.AssignAll(arguments, parameters))
                continue;
            candidates.Add(overload);
            var found = types.Resolve(resultType);
            result = result is null || result.Kind == CelKind.Dyn || result.Equals(found) ? result ?? found : CelType.Dyn;
        }
        call.Candidates = candidates;
        return result ?? Report(call, $"found no matching overload for '{call.Function}' applied to '{Signature(call, arguments)}'");
    }

    CelType Logic(CallExpr call, List<CelType> arguments)
    {
        var valid = true;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!types.Assign(arguments[i], CelType.Bool))
            {
                Mismatch(call.Arguments[i], CelType.Bool, arguments[i]);
                valid = false;
            }
        }
        return valid ? CelType.Bool : CelType.Error;
    }

    string Signature(CallExpr call, List<CelType> arguments)
    {
        var shown = arguments.Select(argument => types.Resolve(argument, unknownIsDyn: true).ToString()).ToList();
        return call.Target is null ? $"({string.Join(", ", shown)})" : $"{shown[0]}.({string.Join(", ", shown.Skip(1))})";
    }

    /// <summary>The overload's types with variables of its own.</summary>
    (IReadOnlyList<CelType> Parameters, CelType Result) Instantiate(Overload overload)
    {
        var variables = new Dictionary<string, CelType>(StringComparer.Ordinal);
        return ([.. overload.Arguments.Select(Fresh)], Fresh(overload.Result));

        CelType Fresh(CelType type)
        {
            if (type.Kind != CelKind.Parameter)
                return type.With(Fresh);
            if (!variables.TryGetValue(type.Name, out var variable))
                variables[type.Name] = variable = types.Variable();
            return variable;
        }
    }

    CelType List(ListExpr list)
    {
        CelType? common = null;
        foreach (var (value, optional) in list.Elements)
            common = Join(common, optional ? Unwrap(value, Check(value)) : Check(value));
        return CelType.List(common ?? types.Variable());
    }

    CelType Map(MapExpr map)
    {
        CelType? keys = null;
        CelType? values = null;
        foreach (var (key, value, optional) in map.Entries)
        {
            keys = Join(keys, Check(key));
            values = Join(values, optional ? Unwrap(value, Check(value)) : Check(value));
        }
        return CelType.Map(keys ?? types.Variable(), values ?? types.Variable());
    }

    CelType Unwrap(Expr at, CelType type)
    {
        if (type.Unwrapped is { } inner)
            return inner;
        return type.Kind == CelKind.Dyn ? type : Mismatch(at, CelType.Optional(type), type);
    }

    /// <summary>The common type of the parts of a literal. Where there is none, <see cref="LiteralChecks"/> says so, because the
    /// arguments of <c>format</c> may differ.</summary>
    CelType Join(CelType? previous, CelType current)
    {
        if (previous is null)
            return current;
        return types.Assign(previous, current) ? Unification.MoreGeneral(previous, current) : CelType.Dyn;
    }

    CelType Fold(FoldExpr fold)
    {
        var range = types.Resolve(Check(fold.Range));
        var accumulator = Check(fold.Body.Initial);
        var (first, second) = Elements(fold, range);
        var outer = (scope, shadowed);
        Declare(fold.Accumulator, accumulator);
        var withAccumulator = (scope, shadowed);
        Declare(fold.Variable, first);
        if (fold.SecondVariable is { } secondVariable)
            Declare(secondVariable, second);
        Assert(fold.Body.Condition, CelType.Bool);
        Assert(fold.Body.Step, accumulator);
        (scope, shadowed) = withAccumulator;
        var result = types.Resolve(Check(fold.Body.Result));
        (scope, shadowed) = outer;
        return result;
    }

    void Declare(string name, CelType type)
    {
        scope = scope.SetItem(name, type);
        shadowed = shadowed.Add(name);
    }

    void Assert(Expr expression, CelType expected)
    {
        var found = Check(expression);
        if (!types.Assign(expected, found))
            Mismatch(expression, expected, found);
    }

    /// <summary>Types of the variables of a fold.</summary>
    (CelType First, CelType Second) Elements(FoldExpr fold, CelType range)
    {
        switch (range.Kind)
        {
            case CelKind.List:
                return fold.SecondVariable is null ? (range.Parameters[0], CelType.Error) : (CelType.Int, range.Parameters[0]);
            case CelKind.Map:
                return (range.Parameters[0], range.Parameters[1]);
            case CelKind.Dyn or CelKind.Error or CelKind.Parameter:
                types.Assign(CelType.Dyn, range);
                return (CelType.Dyn, CelType.Dyn);
            default:
                Report(fold.Range, $"expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)");
                return (CelType.Error, CelType.Error);
        }
    }
}
