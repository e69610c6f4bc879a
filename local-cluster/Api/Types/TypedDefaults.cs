using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Api.Types;

/// <summary>Puts declared defaults into an object of a built-in kind, wherever the object around them is present.</summary>
internal static class TypedDefaults
{
    public static void Apply(ObjectType type, JsonObject obj)
    {
        foreach (var field in type.Fields)
        {
            var value = obj[field.Name];
            if (value is null && field.Default is not null)
                obj[field.Name] = field.Default.DeepClone();
            else if (value is not null)
                Inside(field.Type, value);
        }
    }

    static void Inside(ValueType type, JsonNode? value)
    {
        switch (type.Shape)
        {
            case Shape.Object when value is JsonObject members:
                Apply(type.Object!, members);
                break;
            case Shape.List when value is JsonArray items && type.Element!.Shape == Shape.Object:
                foreach (var item in items)
                    Inside(type.Element, item);
                break;
            case Shape.Map when value is JsonObject entries && type.Element!.Shape == Shape.Object:
                foreach (var (_, entry) in entries)
                    Inside(type.Element, entry);
                break;
        }
    }
}
