using System.Globalization;
using System.Net;
using Sluice.LocalCluster.Cel.Typing;

namespace Sluice.LocalCluster.Cel.Values;

// A value is a bool, long, ulong, double, string, null, or one of the types of this folder.

/// <summary>What went wrong while evaluating. A value like any other: logic may absorb it, everything else hands it on.</summary>
internal sealed record CelError(string Message)
{
    public static CelError NoSuchOverload { get; } = new("no such overload");

    public static CelError NoSuchKey(object? key) => new($"no such key: {CelText.Of(key)}");

    public static CelError Conversion(object? value, string to) =>
        new($"type conversion error from '{CelText.TypeName(value)}' to '{to}'");
}

internal sealed class CelBytes(byte[] content)
{
    public ReadOnlySpan<byte> Content => content;

    public int Length => content.Length;
}

/// <summary>A span of time in nanoseconds.</summary>
internal readonly record struct CelDuration(long Nanoseconds);

/// <summary>A moment, to 100 nanoseconds.</summary>
internal readonly record struct CelTimestamp(DateTimeOffset Moment);

/// <summary>A value or none.</summary>
internal sealed class CelOptional
{
    CelOptional(bool hasValue, object? value) => (HasValue, Value) = (hasValue, value);

    public static CelOptional None { get; } = new(false, null);

    public bool HasValue { get; }

    public object? Value { get; }

    public static CelOptional Of(object? value) => new(true, value);
}

/// <summary>A type as a value.</summary>
internal sealed record CelTypeValue(string Name);

/// <summary>A Kubernetes quantity; the text is kept for display.</summary>
internal sealed record CelQuantity(decimal Amount, string Text)
{
    public bool IsInteger => Amount == decimal.Truncate(Amount) && Amount is >= long.MinValue and <= long.MaxValue;
}

internal sealed record CelIp(IPAddress Address);

internal sealed record CelCidr(IPAddress Address, int PrefixLength)
{
    public IPNetwork Network => new(Masked, PrefixLength);

    public IPAddress Masked
    {
        get
        {
            var bytes = Address.GetAddressBytes();
            for (var bit = PrefixLength; bit < bytes.Length * 8; bit++)
                bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
            return new IPAddress(bytes);
        }
    }
}

/// <summary>A list, made by an expression or read from an object.</summary>
internal abstract class CelList
{
    public abstract int Count { get; }

    public abstract object? this[int index] { get; }

    public IEnumerable<object?> Items
    {
        get
        {
            for (var i = 0; i < Count; i++)
                yield return this[i];
        }
    }

    /// <summary>True or false, or an error of comparing items.</summary>
    public virtual object SameAs(CelList other)
    {
        if (Count != other.Count)
            return false;
        for (var i = 0; i < Count; i++)
        {
            if (CelEquality.Of(this[i], other[i]) is not true and var verdict)
                return verdict;
        }
        return true;
    }

    public virtual CelList Add(CelList other) => new MadeList([.. Items, .. other.Items]);
}

internal sealed class MadeList(IReadOnlyList<object?> items) : CelList
{
    public override int Count => items.Count;

    public override object? this[int index] => items[index];
}

/// <summary>A map, made by an expression or read from an object; objects with declared fields are maps of their set fields.</summary>
internal abstract class CelMap
{
    public abstract int Count { get; }

    public abstract IEnumerable<object?> Keys { get; }

    /// <summary>False when the key is not there. The value may be an error.</summary>
    public abstract bool TryGet(object? key, out object? value);

    public virtual object SameAs(CelMap other)
    {
        if (Count != other.Count)
            return false;
        foreach (var key in Keys)
        {
            if (!TryGet(key, out var mine) || !other.TryGet(key, out var theirs))
                return false;
            if (CelEquality.Of(mine, theirs) is not true and var verdict)
                return verdict;
        }
        return true;
    }
}

internal sealed class MadeMap(IReadOnlyDictionary<object, object?> entries) : CelMap
{
    public static MadeMap Empty { get; } = new(new Dictionary<object, object?>(CelEquality.Keys));

    public override int Count => entries.Count;

    public override IEnumerable<object?> Keys => entries.Keys;

    public override bool TryGet(object? key, out object? value)
    {
        value = null;
        return key is not null && entries.TryGetValue(key, out value);
    }

    /// <summary>A copy with one more entry; null when the key is there already.</summary>
    public MadeMap? With(object key, object? value)
    {
        var copy = new Dictionary<object, object?>(entries, CelEquality.Keys);
        return copy.TryAdd(key, value) ? new MadeMap(copy) : null;
    }
}

/// <summary>Values as messages and <c>string()</c> write them.</summary>
internal static class CelText
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        ulong number => number.ToString(CultureInfo.InvariantCulture),
        double number => Schema.GoText.Float(number),
        string text => text,
        CelBytes bytes => System.Text.Encoding.UTF8.GetString(bytes.Content),
        CelDuration duration => Seconds(duration),
        CelTimestamp timestamp => Rfc3339(timestamp),
        CelTypeValue type => type.Name,
        CelQuantity quantity => quantity.Text,
        CelIp ip => ip.Address.ToString(),
        CelCidr cidr => $"{cidr.Address}/{cidr.PrefixLength}",
        UrlParts url => url.Text,
        CelOptional { HasValue: false } => "optional.none()",
        CelOptional optional => $"optional({Of(optional.Value)})",
        CelList list => $"[{string.Join(", ", list.Items.Select(Of))}]",
        CelMap map => $"{{{string.Join(", ", map.Keys.Select(key => $"{Of(key)}: {Of(map.TryGet(key, out var member) ? member : null)}"))}}}",
        _ => value.ToString() ?? "",
    };

    /// <summary>Durations become seconds: <c>3600s</c>, <c>1.5s</c>.</summary>
    public static string Seconds(CelDuration duration) =>
        (duration.Nanoseconds / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture) + "s";

    public static string Rfc3339(CelTimestamp timestamp) =>
        timestamp.Moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + "Z";

    public static string TypeName(object? value) => value switch
    {
        null => "null_type",
        bool => "bool",
        long => "int",
        ulong => "uint",
        double => "double",
        string => "string",
        CelBytes => "bytes",
        CelDuration => "google.protobuf.Duration",
        CelTimestamp => "google.protobuf.Timestamp",
        CelTypeValue => "type",
        CelList => "list",
        CelMap => "map",
        CelOptional => "optional_type",
        CelQuantity => CelType.Quantity.Name,
        CelIp => CelType.Ip.Name,
        CelCidr => CelType.Cidr.Name,
        UrlParts => CelType.Url.Name,
        Functions.NamedFormat => "kubernetes.NamedFormat",
        _ => value.GetType().Name,
    };
}
