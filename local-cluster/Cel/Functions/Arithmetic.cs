using Sluice.LocalCluster.Cel.Syntax;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>The operators that count, and those that join. What leaves its type's range is an error, never a wrapped number.</summary>
internal static class Arithmetic
{
    static readonly CelError DivisionByZero = new("division by zero");
    static readonly CelError ModulusByZero = new("modulus by zero");
    static readonly CelError TimestampOverflow = new("timestamp overflow");

    static readonly CelType Element = CelType.Parameter("A");

    public static IEnumerable<Overload> All =>
    [
        .. Integers, .. UnsignedIntegers, .. Doubles, .. Moments,
        Binary(Operators.Add, CelType.String, (string a, string b) => a + b),
        Binary(Operators.Add, CelType.Bytes, (CelBytes a, CelBytes b) => new CelBytes([.. a.Content, .. b.Content])),
        Overload.Function(Operators.Add, CelType.List(Element), [CelType.List(Element), CelType.List(Element)],
            v => ((CelList)v[0]!).Add((CelList)v[1]!)),
    ];

    static IEnumerable<Overload> Integers =>
    [
        Binary(Operators.Add, CelType.Int, (long a, long b) => Checked(() => checked(a + b))),
        Binary(Operators.Subtract, CelType.Int, (long a, long b) => Checked(() => checked(a - b))),
        Binary(Operators.Multiply, CelType.Int, (long a, long b) => Checked(() => checked(a * b))),
        Binary(Operators.Divide, CelType.Int, (long a, long b) => b == 0 ? DivisionByZero : Checked(() => checked(a / b))),
        Binary(Operators.Modulo, CelType.Int, (long a, long b) =>
            b == 0 ? ModulusByZero : b == -1 && a == long.MinValue ? Overflow : a % b),
        Overload.Function(Operators.Negate, CelType.Int, [CelType.Int], v => Checked(() => checked(-(long)v[0]!))),
    ];

    static IEnumerable<Overload> UnsignedIntegers =>
    [
        Binary(Operators.Add, CelType.Uint, (ulong a, ulong b) => CheckedUnsigned(() => checked(a + b))),
        Binary(Operators.Subtract, CelType.Uint, (ulong a, ulong b) => CheckedUnsigned(() => checked(a - b))),
        Binary(Operators.Multiply, CelType.Uint, (ulong a, ulong b) => CheckedUnsigned(() => checked(a * b))),
        Binary(Operators.Divide, CelType.Uint, (ulong a, ulong b) => b == 0 ? DivisionByZero : a / b),
        Binary(Operators.Modulo, CelType.Uint, (ulong a, ulong b) => b == 0 ? ModulusByZero : a % b),
    ];

    static IEnumerable<Overload> Doubles =>
    [
        Binary(Operators.Add, CelType.Double, (double a, double b) => a + b),
        Binary(Operators.Subtract, CelType.Double, (double a, double b) => a - b),
        Binary(Operators.Multiply, CelType.Double, (double a, double b) => a * b),
        Binary(Operators.Divide, CelType.Double, (double a, double b) => a / b),
        Overload.Function(Operators.Negate, CelType.Double, [CelType.Double], v => -(double)v[0]!),
    ];

    static IEnumerable<Overload> Moments =>
    [
        Binary(Operators.Add, CelType.Duration, (CelDuration a, CelDuration b) => Span((Int128)a.Nanoseconds + b.Nanoseconds)),
        Binary(Operators.Subtract, CelType.Duration, (CelDuration a, CelDuration b) => Span((Int128)a.Nanoseconds - b.Nanoseconds)),
        Overload.Function(Operators.Add, CelType.Timestamp, [CelType.Timestamp, CelType.Duration],
            v => Shift((CelTimestamp)v[0]!, ((CelDuration)v[1]!).Nanoseconds)),
        Overload.Function(Operators.Add, CelType.Timestamp, [CelType.Duration, CelType.Timestamp],
            v => Shift((CelTimestamp)v[1]!, ((CelDuration)v[0]!).Nanoseconds)),
        Overload.Function(Operators.Subtract, CelType.Timestamp, [CelType.Timestamp, CelType.Duration],
            v => Shift((CelTimestamp)v[0]!, -(Int128)((CelDuration)v[1]!).Nanoseconds)),
        Overload.Function(Operators.Subtract, CelType.Duration, [CelType.Timestamp, CelType.Timestamp],
            v => Span((Int128)(((CelTimestamp)v[0]!).Moment - ((CelTimestamp)v[1]!).Moment).Ticks * 100)),
    ];

    static Overload Binary<T>(string name, CelType type, Func<T, T, object> apply) =>
        Overload.Function(name, type, [type, type], v => apply((T)v[0]!, (T)v[1]!));

    static readonly CelError Overflow = new("integer overflow");

    static object Checked(Func<long> count) => Guard(count, Overflow);

    static object CheckedUnsigned(Func<ulong> count) => Guard(count, new CelError("unsigned integer overflow"));

    static object Guard<T>(Func<T> count, CelError overflow)
        where T : struct
    {
        try
        {
            return count();
        }
        catch (OverflowException)
        {
            return overflow;
        }
    }

    static object Span(Int128 nanoseconds) =>
        nanoseconds > long.MaxValue || nanoseconds < long.MinValue ? Overflow : new CelDuration((long)nanoseconds);

    static object Shift(CelTimestamp from, Int128 nanoseconds)
    {
        var ticks = from.Moment.UtcTicks + (nanoseconds / 100);
        return ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks
            ? TimestampOverflow
            : new CelTimestamp(new DateTimeOffset((long)ticks, TimeSpan.Zero));
    }
}
