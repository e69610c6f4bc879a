using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.LocalCluster.Schema;

/// <summary>Kind and version of objects inside objects (<c>x-kubernetes-embedded-resource</c>).</summary>
internal static partial class EmbeddedResources
{
    public static IReadOnlyList<FieldError> Run(JsonObject obj, SchemaNode root)
    {
        var errors = new List<FieldError>();
        Node(obj, root, "", errors);
        return errors;
    }

    static void Node(JsonNode? value, SchemaNode? schema, string path, List<FieldError> errors)
    {
        if (schema is null)
            return;
        if (value is JsonObject obj)
        {
            if (schema.EmbeddedResource)
                errors.AddRange([.. Text(obj, "apiVersion", path), .. Text(obj, "kind", path)]);
            foreach (var (name, member) in obj)
            {
                if (schema.Properties.TryGetValue(name, out var property))
                    Node(member, property, path.Length == 0 ? name : $"{path}.{name}", errors);
                else
                    Node(member, schema.AdditionalProperties, $"{path}[{name}]", errors);
            }
        }
        else if (value is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
                Node(array[i], schema.Items, $"{path}[{i}]", errors);
        }
    }

    static IEnumerable<FieldError> Text(JsonObject obj, string name, string path)
    {
        var field = path.Length == 0 ? name : $"{path}.{name}";
        if (!obj.TryGetPropertyValue(name, out var value))
            yield return new(field, FieldErrorType.Required, "Required value");
        else if (JsonShape.TypeOf(value) != "string")
            yield return Invalid("must be a string");
        else if (value!.GetValue<string>().Length == 0)
            yield return Invalid("must not be empty");
        else if (name == "kind" && !Label().IsMatch(value.GetValue<string>().ToLowerInvariant()))
            yield return Invalid("may have mixed case, but should otherwise match: " + LabelRule);
        else if (name == "apiVersion" && value.GetValue<string>().Count(c => c == '/') > 1)
            yield return Invalid($"unexpected GroupVersion string: {value.GetValue<string>()}");

        FieldError Invalid(string what) => new(field, FieldErrorType.Invalid, $"Invalid value: {GoText.Value(value)}: {what}");
    }

    const string LabelRule = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
        + "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for "
        + "validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    [GeneratedRegex(@"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex Label();
}
