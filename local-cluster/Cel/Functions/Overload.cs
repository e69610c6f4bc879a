using System.Collections.Immutable;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>One form of a function: what the type checker knows of it, and what it does.</summary>
/// <param name="Name">Function or operator.</param>
/// <param name="IsMember">Called on its first argument, <c>a.f(b)</c>.</param>
/// <param name="Result">Type of the result.</param>
/// <param name="Arguments">Types of the arguments, the receiver first.</param>
/// <param name="Invoke">Gets values of these types, never an error; answers a value or a <see cref="CelError"/>.</param>
internal sealed record Overload(
    string Name, bool IsMember, CelType Result, ImmutableArray<CelType> Arguments, Func<object?[], object?> Invoke)
{
    public static Overload Function(string name, CelType result, ImmutableArray<CelType> arguments, Func<object?[], object?> invoke) =>
        new(name, false, result, arguments, invoke);

    public static Overload Method(string name, CelType result, ImmutableArray<CelType> arguments, Func<object?[], object?> invoke) =>
        new(name, true, result, arguments, invoke);

    public bool Takes(ReadOnlySpan<object?> values)
    {
        if (values.Length != Arguments.Length)
            return false;
        for (var i = 0; i < values.Length; i++)
        {
            if (!Takes(Arguments[i], values[i]))
                return false;
        }
        return true;
    }

    static bool Takes(CelType type, object? value) => type.Kind switch
    {
        CelKind.Bool => value is bool,
        CelKind.Bytes => value is CelBytes,
        CelKind.Double => value is double,
        CelKind.Duration => value is CelDuration,
        CelKind.Int => value is long,
        CelKind.Uint => value is ulong,
        CelKind.String => value is string,
        CelKind.Timestamp => value is CelTimestamp,
        CelKind.List => value is CelList,
        CelKind.Map => value is CelMap,
        CelKind.Type => value is CelTypeValue,
        CelKind.Null => value is null,
        CelKind.Opaque => value is not null && CelText.TypeName(value) == type.Name,
        _ => true,
    };
}
