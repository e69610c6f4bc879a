using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Custom;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Types;
using ValueType = Sluice.LocalCluster.Api.Types.ValueType;

namespace Sluice.LocalCluster.Api.OpenApi;

/// <summary>Gathers the schemas of kinds and of all types that they use.</summary>
/// <param name="prefix">Where references point, which differs between versions of OpenAPI.</param>
internal sealed class OpenApiSchemas(string prefix)
{
    const string QuantityName = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    const string IntOrStringName = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
    const string TimeName = "io.k8s.apimachinery.pkg.apis.meta.v1.Time";
    const string MicroTimeName = "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime";
    const string MetadataType = "meta.ObjectMeta";

    readonly SortedDictionary<string, JsonObject> schemas = new(StringComparer.Ordinal);

    public JsonObject ToJson() => new(schemas.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value)));

    /// <summary>Adds a kind and its list.</summary>
    public void Add(IKind kind, string version)
    {
        var name = kind is CustomKind custom ? AddCustom(custom, version) : AddType(kind.Type!);
        var schema = schemas[name];
        schema["x-kubernetes-group-version-kind"] = new JsonArray(KindOf(kind, version, kind.Info.Kind));
        var properties = schema.Ensure("properties");
        properties["apiVersion"] = TypeText("The version of this form of the object.");
        properties["kind"] = TypeText("The kind of the object.");
        schemas[$"{name}List"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = $"{kind.Info.Kind}List is a list of {kind.Info.Kind}.",
            ["required"] = new JsonArray("items"),
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = TypeText("The version of this form of the list."),
                ["kind"] = TypeText("The kind of the list."),
                ["metadata"] = new JsonObject { ["type"] = "object" },
                ["items"] = new JsonObject { ["type"] = "array", ["items"] = Reference(name) },
            },
            ["x-kubernetes-group-version-kind"] = new JsonArray(KindOf(kind, version, kind.Info.ListKind)),
        };
    }

    /// <summary>The name of a kind's schema.</summary>
    public static string NameOf(IKind kind, string version) => kind.Type is { } type
        ? type.FullName
        : $"{string.Join('.', kind.Info.Group.Split('.').Reverse())}.{version}.{kind.Info.Kind}";

    public JsonObject Reference(string name) => new() { ["$ref"] = prefix + name };

    public static JsonObject KindOf(IKind kind, string version, string name) =>
        new() { ["group"] = kind.Info.Group, ["kind"] = name, ["version"] = version };

    string AddCustom(CustomKind kind, string version)
    {
        var name = NameOf(kind, version);
        var schema = kind.RawSchema(version).Copy();
        var properties = schema.Ensure("properties");
        properties["metadata"] = Described(Reference(AddType(TypeTable.BuiltIn[MetadataType])), "Standard object metadata.");
        schemas[name] = schema;
        return name;
    }

    string AddType(ObjectType type)
    {
        if (schemas.ContainsKey(type.FullName))
            return type.FullName;
        var schema = new JsonObject { ["type"] = "object" };
        // Known before its fields are: types may use each other.
        schemas[type.FullName] = schema;
        if (type.Description.Length > 0)
            schema["description"] = type.Description;
        var required = type.Fields.Where(field => field.Required).Select(field => (JsonNode)field.Name).ToArray();
        if (required.Length > 0)
            schema["required"] = new JsonArray(required);
        schema["properties"] = new JsonObject(type.Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Property(field))));
        if (type.Atomic)
            schema["x-kubernetes-map-type"] = "atomic";
        return type.FullName;
    }

    JsonObject Property(Field field)
    {
        var schema = Described(Value(field.Type), field.Description);
        if (field.Type.Shape == Shape.List && field.ListType is { } listType)
        {
            schema["x-kubernetes-list-type"] = listType;
            if (field.ListKeys.Count > 0)
                schema["x-kubernetes-list-map-keys"] = new JsonArray([.. field.ListKeys.Select(key => (JsonNode)key)]);
        }
        else if (field.ListType == "atomic")
            schema["x-kubernetes-map-type"] = "atomic";
        var strategy = string.Join(',', new[] { field.Merge ? "merge" : "", field.RetainKeys ? "retainKeys" : "", field.Replace ? "replace" : "" }.Where(word => word.Length > 0));
        if (strategy.Length > 0)
            schema["x-kubernetes-patch-strategy"] = strategy;
        if (field.MergeKey is { } key)
            schema["x-kubernetes-patch-merge-key"] = key;
        if (field.Default is not null)
            schema["default"] = field.Default.DeepClone();
        if (field.Enum.Count > 0)
            schema["enum"] = new JsonArray([.. field.Enum.Select(one => (JsonNode)one)]);
        return schema;
    }

    JsonObject Value(ValueType type) => type.Shape switch
    {
        Shape.Object => Reference(AddType(type.Object!)),
        Shape.List => new JsonObject { ["type"] = "array", ["items"] = Value(type.Element!) },
        Shape.Map => new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(type.Element!) },
        Shape.Bytes => Formatted("string", "byte"),
        Shape.Bool => new JsonObject { ["type"] = "boolean" },
        Shape.Int32 => Formatted("integer", "int32"),
        Shape.Int64 => Formatted("integer", "int64"),
        Shape.Number => Formatted("number", "double"),
        Shape.Quantity => Named(QuantityName, () => new JsonObject { ["type"] = "string", ["description"] = "A number with a suffix, as 500m or 1Gi." }),
        Shape.IntOrString => Named(IntOrStringName, () => new JsonObject { ["type"] = "string", ["format"] = "int-or-string", ["description"] = "A number, or a text such as a percentage or a name." }),
        Shape.Time => Named(TimeName, () => new JsonObject { ["type"] = "string", ["format"] = "date-time", ["description"] = "A time in RFC 3339, to the second." }),
        Shape.MicroTime => Named(MicroTimeName, () => new JsonObject { ["type"] = "string", ["format"] = "date-time", ["description"] = "A time in RFC 3339, to the microsecond." }),
        Shape.AnyObject => new JsonObject { ["type"] = "object" },
        Shape.Any => new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true },
        _ => new JsonObject { ["type"] = "string" },
    };

    JsonObject Named(string name, Func<JsonObject> schema)
    {
        if (!schemas.ContainsKey(name))
            schemas[name] = schema();
        return Reference(name);
    }

    /// <summary>A reference may not carry anything beside it, so a description makes it part of a conjunction.</summary>
    static JsonObject Described(JsonObject schema, string description)
    {
        if (schema.ContainsKey("$ref"))
            schema = new JsonObject { ["allOf"] = new JsonArray(schema) };
        if (description.Length > 0)
            schema["description"] = description;
        return schema;
    }

    static JsonObject Formatted(string type, string format) => new() { ["type"] = type, ["format"] = format };

    static JsonObject TypeText(string description) => new() { ["type"] = "string", ["description"] = description };
}
