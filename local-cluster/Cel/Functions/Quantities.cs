using System.Globalization;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>Kubernetes quantities such as <c>500m</c> and <c>2Gi</c>.</summary>
internal static class Quantities
{
    const string Malformed = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    static readonly CelType Q = CelType.Quantity;

    public static IEnumerable<Overload> All =>
    [
        Overload.Function("quantity", Q, [CelType.String], v => Parse((string)v[0]!) is { } quantity ? quantity : new CelError(Malformed)),
        Overload.Function("isQuantity", CelType.Bool, [CelType.String], v => Parse((string)v[0]!) is not null),
        Overload.Function("sign", CelType.Int, [Q], v => (long)Math.Sign(Amount(v[0]))),
        Overload.Method("isGreaterThan", CelType.Bool, [Q, Q], v => Amount(v[0]) > Amount(v[1])),
        Overload.Method("isLessThan", CelType.Bool, [Q, Q], v => Amount(v[0]) < Amount(v[1])),
        Overload.Method("compareTo", CelType.Int, [Q, Q], v => (long)Amount(v[0]).CompareTo(Amount(v[1]))),
        Overload.Method("asApproximateFloat", CelType.Double, [Q], v => (double)Amount(v[0])),
        Overload.Method("asInteger", CelType.Int, [Q], v => ((CelQuantity)v[0]!).IsInteger
            ? (long)Amount(v[0])
            : new CelError("cannot convert value to integer")),
        Overload.Method("isInteger", CelType.Bool, [Q], v => ((CelQuantity)v[0]!).IsInteger),
        Overload.Method("add", Q, [Q, Q], v => Made(Amount(v[0]) + Amount(v[1]))),
        Overload.Method("add", Q, [Q, CelType.Int], v => Made(Amount(v[0]) + (long)v[1]!)),
        Overload.Method("sub", Q, [Q, Q], v => Made(Amount(v[0]) - Amount(v[1]))),
        Overload.Method("sub", Q, [Q, CelType.Int], v => Made(Amount(v[0]) - (long)v[1]!)),
    ];

    static decimal Amount(object? value) => ((CelQuantity)value!).Amount;

    static CelQuantity? Parse(string text) => text.Length > 0 && !char.IsWhiteSpace(text[0]) && new Quantity(text).TryToDecimal(out var amount)
        ? new CelQuantity(amount, text)
        : null;

    static CelQuantity Made(decimal amount) => new(amount, amount.ToString("0.############################", CultureInfo.InvariantCulture));
}
