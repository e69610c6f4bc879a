using System.Collections.Immutable;

namespace Sluice.LocalCluster.Cel.Typing;

/// <summary>What a type is made like; parameterised kinds carry their parameters in <see cref="CelType.Parameters"/>.</summary>
internal enum CelKind
{
    Bool,
    Bytes,
    Double,
    Duration,
    Dyn,
    /// <summary>The type of what has been reported already; fits everywhere, so that one mistake is one message.</summary>
    Error,
    Int,
    List,
    Map,
    Null,
    /// <summary>A named type of a library: optional_type, kubernetes.Quantity, net.IP …</summary>
    Opaque,
    String,
    /// <summary>An object with declared fields.</summary>
    Struct,
    Timestamp,
    Type,
    /// <summary>A type variable.</summary>
    Parameter,
    Uint,
}

/// <summary>A type of the expression language. Equal by structure; structs are equal by name.</summary>
internal sealed class CelType(CelKind kind, string name, params ImmutableArray<CelType> parameters) : IEquatable<CelType>
{
    public static readonly CelType Bool = new(CelKind.Bool, "bool");
    public static readonly CelType Bytes = new(CelKind.Bytes, "bytes");
    public static readonly CelType Double = new(CelKind.Double, "double");
    public static readonly CelType Duration = new(CelKind.Duration, "duration");
    public static readonly CelType Dyn = new(CelKind.Dyn, "dyn");
    public static readonly CelType Error = new(CelKind.Error, "!error!");
    public static readonly CelType Int = new(CelKind.Int, "int");
    public static readonly CelType Null = new(CelKind.Null, "null");
    public static readonly CelType String = new(CelKind.String, "string");
    public static readonly CelType Timestamp = new(CelKind.Timestamp, "timestamp");
    public static readonly CelType Uint = new(CelKind.Uint, "uint");
    public static readonly CelType Type = new(CelKind.Type, "type");
    public static readonly CelType Quantity = new(CelKind.Opaque, "kubernetes.Quantity");
    public static readonly CelType Ip = new(CelKind.Opaque, "net.IP");
    public static readonly CelType Cidr = new(CelKind.Opaque, "net.CIDR");
    public static readonly CelType Url = new(CelKind.Opaque, "kubernetes.URL");

    public static CelType List(CelType element) => new(CelKind.List, "list", element);

    public static CelType Map(CelType key, CelType value) => new(CelKind.Map, "map", key, value);

    public static CelType Optional(CelType value) => new(CelKind.Opaque, "optional_type", value);

    public static CelType TypeOf(CelType type) => new(CelKind.Type, "type", type);

    public static CelType Parameter(string name) => new(CelKind.Parameter, name);

    public static CelType Struct(string name, IReadOnlyDictionary<string, CelType> fields) =>
        new(CelKind.Struct, name) { Fields = fields };

    public CelKind Kind { get; } = kind;

    public string Name { get; } = name;

    public ImmutableArray<CelType> Parameters { get; } = parameters;

    /// <summary>Of a struct: its fields by escaped name.</summary>
    public IReadOnlyDictionary<string, CelType>? Fields { get; private init; }

    public bool IsDynamic => Kind is CelKind.Dyn or CelKind.Error;

    /// <summary>The value's type of an optional; null for other types.</summary>
    public CelType? Unwrapped => Kind == CelKind.Opaque && Name == "optional_type" ? Parameters[0] : null;

    public CelType With(Func<CelType, CelType> parameter) =>
        Parameters.IsEmpty ? this : new CelType(Kind, Name, [.. Parameters.Select(parameter)]);

    public bool Equals(CelType? other) =>
        other is not null && Kind == other.Kind && Name == other.Name && Parameters.SequenceEqual(other.Parameters);

    public override bool Equals(object? obj) => Equals(obj as CelType);

    public override int GetHashCode() => HashCode.Combine(Kind, Name, Parameters.Length);

    /// <summary>As the type checker's messages write it.</summary>
    public override string ToString() => Parameters.IsEmpty ? Name : $"{Name}({string.Join(", ", Parameters)})";
}
