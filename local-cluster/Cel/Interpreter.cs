using Sluice.LocalCluster.Cel.Functions;
using Sluice.LocalCluster.Cel.Syntax;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel;

/// <summary>A variable and those around it.</summary>
internal sealed class Scope(Scope? outer, string name, object? value)
{
    public object? Value { get; set; } = value;

    public Scope? Find(string wanted)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.Name == wanted)
                return scope;
        }
        return null;
    }

    Scope? Outer { get; } = outer;

    string Name { get; } = name;
}

/// <summary>An expression took more steps than one evaluation may.</summary>
internal sealed class CostExceededException() : Exception("operation cancelled: actual cost limit exceeded");

/// <summary>Evaluates a checked tree. Single use: it counts its steps.</summary>
internal sealed class Interpreter
{
    /// <summary>As many steps as Kubernetes grants units of cost to one evaluation.</summary>
    const int Limit = 1_000_000;

    public int Steps { get; private set; }

    /// <summary>A value or a <see cref="CelError"/>.</summary>
    /// <exception cref="CostExceededException"/>
    public object? Evaluate(Expr expression, Scope? scope)
    {
        if (++Steps > Limit)
            throw new CostExceededException();
        return expression switch
        {
            ConstantExpr constant => constant.Value,
            IdentifierExpr identifier => Identifier(identifier.Name.TrimStart('.'), scope),
            SelectExpr { QualifiedName: { } name } => TypeNames.Value(name),
            SelectExpr select => Select(select, scope),
            CallExpr call => Call(call, scope),
            ListExpr list => List(list, scope),
            MapExpr map => Map(map, scope),
            FoldExpr fold => Fold(fold, scope),
            _ => throw new InvalidOperationException($"{expression.GetType().Name} passed the checker"),
        };
    }

    static object? Identifier(string name, Scope? scope) => scope?.Find(name) is { } variable
        ? variable.Value
        : TypeNames.Value(name) ?? (object)new CelError($"no such attribute(s): {name}");

    object? Select(SelectExpr select, Scope? scope)
    {
        var operand = Evaluate(select.Operand, scope);
        return select.TestOnly ? Has(operand, select.Field) : Field(operand, select.Field);
    }

    static object Has(object? operand, string field) => operand switch
    {
        CelError error => error,
        CelMap map => map.TryGet(field, out _),
        CelOptional optional => optional.HasValue && Has(optional.Value, field) is true,
        _ => false,
    };

    static object? Field(object? operand, string field) => operand switch
    {
        CelError error => error,
        CelMap map => map.TryGet(field, out var value) ? value : CelError.NoSuchKey(field),
        CelOptional optional => OptionalField(optional, field),
        _ => CelError.NoSuchKey(field),
    };

    static object OptionalField(object? operand, string field) => operand switch
    {
        CelError error => error,
        CelOptional { HasValue: false } none => none,
        CelOptional some => OptionalField(some.Value, field),
        CelMap map => map.TryGet(field, out var value) ? value as CelError ?? (object)CelOptional.Of(value) : CelOptional.None,
        _ => CelError.NoSuchOverload,
    };

    object? Call(CallExpr call, Scope? scope)
    {
        var arguments = call.Arguments;
        switch (call.Function)
        {
            case Operators.And:
                return Logic(arguments[0], arguments[1], decisive: false, scope);
            case Operators.Or:
                return Logic(arguments[0], arguments[1], decisive: true, scope);
            case Operators.Conditional:
                return Evaluate(arguments[0], scope) switch
                {
                    bool holds => Evaluate(arguments[holds ? 1 : 2], scope),
                    CelError error => error,
                    _ => CelError.NoSuchOverload,
                };
            case Operators.NotStrictlyFalse:
                return Evaluate(arguments[0], scope) is not false;
            case Operators.OptionalSelect:
                return OptionalField(Evaluate(arguments[0], scope), (string)((ConstantExpr)arguments[1]).Value!);
        }
        var first = call.Target is null ? 0 : 1;
        var values = new object?[arguments.Length + first];
        if (call.Target is { } target)
            values[0] = Evaluate(target, scope);
        for (var i = 0; i < arguments.Length; i++)
            values[i + first] = Evaluate(arguments[i], scope);
        return Library.Call(call.Candidates, call.Function, values);
    }

    /// <summary>The decisive value on either side settles it, whatever is wrong with the other.</summary>
    object? Logic(Expr left, Expr right, bool decisive, Scope? scope)
    {
        var first = Evaluate(left, scope);
        if (first is bool one && one == decisive)
            return decisive;
        var second = Evaluate(right, scope);
        if (second is bool two && two == decisive)
            return decisive;
        if (first is bool && second is bool)
            return !decisive;
        return first as CelError ?? second as CelError ?? CelError.NoSuchOverload;
    }

    object List(ListExpr list, Scope? scope)
    {
        var items = new List<object?>(list.Elements.Length);
        foreach (var (element, optional) in list.Elements)
        {
            var value = Evaluate(element, scope);
            if (value is CelError error)
                return error;
            if (!optional)
                items.Add(value);
            else if (value is not CelOptional maybe)
                return new CelError($"cannot initialize optional list element from non-optional value {CelText.Of(value)}");
            else if (maybe.HasValue)
                items.Add(maybe.Value);
        }
        return new MadeList(items);
    }

    object Map(MapExpr map, Scope? scope)
    {
        var entries = new Dictionary<object, object?>(CelEquality.Keys);
        foreach (var (keyExpression, valueExpression, optional) in map.Entries)
        {
            var key = Evaluate(keyExpression, scope);
            var value = Evaluate(valueExpression, scope);
            if ((key as CelError ?? value as CelError) is { } error)
                return error;
            if (key is not (string or long or ulong or bool or double))
                return new CelError("unsupported key type");
            if (optional && value is not CelOptional)
                return new CelError($"cannot initialize optional entry '{CelText.Of(key)}' from non-optional value {CelText.Of(value)}");
            if (optional && !((CelOptional)value!).HasValue)
                continue;
            entries[key] = optional ? ((CelOptional)value!).Value : value;
        }
        return new MadeMap(entries);
    }

    object? Fold(FoldExpr fold, Scope? scope)
    {
        var range = Evaluate(fold.Range, scope);
        if (range is CelError error)
            return error;
        if (range is not (CelList or CelMap))
            return new CelError($"got '{GoType(range)}', expected iterable type");
        var accumulator = new Scope(scope, fold.Accumulator, Evaluate(fold.Body.Initial, scope));
        foreach (var (first, second) in Elements(range, fold.SecondVariable is not null))
        {
            var inner = new Scope(accumulator, fold.Variable, first);
            if (fold.SecondVariable is { } name)
                inner = new Scope(inner, name, second);
            if (Evaluate(fold.Body.Condition, inner) is not true)
                break;
            accumulator.Value = Evaluate(fold.Body.Step, inner);
        }
        return Evaluate(fold.Body.Result, accumulator);
    }

    static string GoType(object? value) => value switch
    {
        long => "types.Int",
        ulong => "types.Uint",
        double => "types.Double",
        string => "types.String",
        bool => "types.Bool",
        CelOptional => "*types.Optional",
        _ => CelText.TypeName(value),
    };

    static IEnumerable<(object? First, object? Second)> Elements(object range, bool two) => range switch
    {
        CelList list when two => list.Items.Select((item, index) => ((object?)(long)index, item)),
        CelList list => list.Items.Select(item => (item, (object?)null)),
        CelMap map => map.Keys.Select(key => (key, map.TryGet(key, out var value) ? value : null)),
        _ => [],
    };
}
