using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Api.Types;

/// <summary>The shapes that a value of a built-in kind can have.</summary>
internal enum Shape
{
    String, Bytes, Bool, Int32, Int64, Number, Quantity, IntOrString, Time, MicroTime,

    /// <summary>An object of any content.</summary>
    AnyObject,

    /// <summary>Any value.</summary>
    Any,

    Object, List, Map,
}

/// <summary>The type of a value.</summary>
/// <param name="Shape">What it is.</param>
/// <param name="Object">The members, when it is an object.</param>
/// <param name="Element">The elements, when it is a list or a map.</param>
internal sealed record ValueType(Shape Shape, ObjectType? Object = null, ValueType? Element = null)
{
    /// <summary>The type as Go prints it in a decoding error.</summary>
    public string GoName => Shape switch
    {
        Shape.String => "string",
        Shape.Bytes => "[]uint8",
        Shape.Bool => "bool",
        Shape.Int32 => "int32",
        Shape.Int64 => "int64",
        Shape.Number => "float64",
        Shape.Quantity => "resource.Quantity",
        Shape.IntOrString => "intstr.IntOrString",
        Shape.Time => "v1.Time",
        Shape.MicroTime => "v1.MicroTime",
        Shape.List => "[]" + Element!.GoName,
        Shape.Map => "map[string]" + Element!.GoName,
        Shape.Object => $"{Object!.Package.GoPackage}.{Object.Name}",
        _ => "map[string]interface {}",
    };
}

/// <summary>One member of an object type.</summary>
internal sealed record Field(string Name, int Number, ValueType Type)
{
    /// <summary>A pointer in Go: its zero value differs from its absence.</summary>
    public bool Pointer { get; init; }

    /// <summary>Printed even when empty.</summary>
    public bool Always { get; init; }

    public bool Required { get; init; }

    /// <summary><c>map</c>, <c>set</c>, <c>atomic</c> or null: how server-side apply merges it.</summary>
    public string? ListType { get; init; }

    public IReadOnlyList<string> ListKeys { get; init; } = [];

    /// <summary>Whether a strategic merge patch merges the list's elements, by <see cref="MergeKey"/> or as a set.</summary>
    public bool Merge { get; init; }

    public string? MergeKey { get; init; }

    /// <summary>A strategic merge patch replaces the value as a whole.</summary>
    public bool Replace { get; init; }

    public bool RetainKeys { get; init; }

    /// <summary>Never hand this out without cloning it.</summary>
    public JsonNode? Default { get; init; }

    public IReadOnlyList<string> Enum { get; init; } = [];

    /// <summary>Inlined in JSON, a message of its own in protobuf.</summary>
    public bool Inline { get; init; }

    public string Description { get; init; } = "";
}

/// <summary>A package of types: one file of declarations.</summary>
/// <param name="Name">How other files refer to it.</param>
/// <param name="FullName">Prefix of its types in OpenAPI.</param>
internal sealed record Package(string Name, string FullName)
{
    public string GoPackage => FullName[(FullName.LastIndexOf('.') + 1)..];
}

/// <summary>An object type of a built-in kind. Immutable once the table is read.</summary>
internal sealed class ObjectType(Package package, string name)
{
    public Package Package { get; } = package;

    public string Name { get; } = name;

    public string Description { get; init; } = "";

    /// <summary>Server-side apply takes it as one value.</summary>
    public bool Atomic { get; init; }

    /// <summary>As declared, inlined types as one field each; what protobuf needs.</summary>
    public IReadOnlyList<Field> Declared { get; set; } = [];

    /// <summary>As in JSON: the fields of inlined types among its own.</summary>
    public IReadOnlyList<Field> Fields { get; private set; } = [];

    public string FullName => $"{Package.FullName}.{Name}";

    IReadOnlyDictionary<string, Field> byName = new Dictionary<string, Field>(StringComparer.Ordinal);

    public Field? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Spreads the inlined types. Called once, when all types are known.</summary>
    internal void Seal()
    {
        Fields = [.. Spread(this)];
        byName = Fields.ToDictionary(field => field.Name, StringComparer.Ordinal);
    }

    static IEnumerable<Field> Spread(ObjectType type) =>
        type.Declared.SelectMany(field => field.Inline ? Spread(field.Type.Object!) : [field]);
}
