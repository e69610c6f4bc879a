using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Crds;

/// <summary>Schemas of types that write themselves to JSON in a form of their own.</summary>
internal static class WellKnown
{
    /// <summary>A fresh schema, or null when the type is an ordinary one.</summary>
    public static JsonObject? Schema(Type type) =>
        type == typeof(Duration) ? Duration()
        : type == typeof(Quantity) ? Quantity()
        : type == typeof(IntOrString) ? IntOrString()
        : type == typeof(DateTimeOffset) ? new JsonObject { ["type"] = "string", ["format"] = "date-time" }
        : type == typeof(JsonElement) ? new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true }
        : type == typeof(Condition) ? Condition()
        : type == typeof(LabelSelector) ? Selector()
        : null;

    static JsonObject Duration() => new() { ["type"] = "string", ["pattern"] = Operator.Api.Duration.Pattern, ["maxLength"] = 32 };

    /// <summary>Kubernetes accepts quantities as strings and as numbers.</summary>
    static JsonObject Quantity() => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
        ["pattern"] = @"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$",
        ["maxLength"] = 32,
        ["x-kubernetes-int-or-string"] = true,
    };

    static JsonObject IntOrString() => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
        ["minimum"] = int.MinValue,
        ["maximum"] = int.MaxValue,
        ["maxLength"] = 253,
        ["x-kubernetes-int-or-string"] = true,
    };

    /// <summary>metav1.Condition with the limits that Kubernetes' own conventions give it.</summary>
    static JsonObject Condition() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("type", "status"),
        ["properties"] = new JsonObject
        {
            ["type"] = Text("The condition's name.", 316),
            ["status"] = new JsonObject
            {
                ["description"] = "True, False or Unknown.",
                ["type"] = "string",
                ["enum"] = new JsonArray("True", "False", "Unknown"),
            },
            ["observedGeneration"] = new JsonObject
            {
                ["description"] = "The generation of the spec that the condition speaks of.",
                ["type"] = "integer",
                ["format"] = "int64",
                ["minimum"] = 0,
            },
            ["lastTransitionTime"] = new JsonObject
            {
                ["description"] = "When the status last changed.",
                ["type"] = "string",
                ["format"] = "date-time",
            },
            ["reason"] = Text("Why, as one word in CamelCase.", 1024),
            ["message"] = Text("Why, as a sentence.", 32768),
        },
    };

    /// <summary>metav1.LabelSelector, whose limits the API server itself checks where the selector is used.</summary>
    static JsonObject Selector() => new()
    {
        ["type"] = "object",
        ["x-kubernetes-map-type"] = "atomic",
        ["properties"] = new JsonObject
        {
            ["matchLabels"] = new JsonObject
            {
                ["description"] = "Labels that must be there with these values.",
                ["type"] = "object",
                ["maxProperties"] = 32,
                ["additionalProperties"] = new JsonObject { ["type"] = "string", ["maxLength"] = 63 },
            },
            ["matchExpressions"] = new JsonObject
            {
                ["description"] = "What else must be so, all of it.",
                ["type"] = "array",
                ["maxItems"] = 32,
                ["x-kubernetes-list-type"] = "atomic",
                ["items"] = Requirement(),
            },
        },
    };

    static JsonObject Requirement() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("key", "operator"),
        ["properties"] = new JsonObject
        {
            ["key"] = Text("The label.", 317),
            ["operator"] = new JsonObject
            {
                ["description"] = "How the label and the values go together.",
                ["type"] = "string",
                ["enum"] = new JsonArray("In", "NotIn", "Exists", "DoesNotExist"),
            },
            ["values"] = new JsonObject
            {
                ["description"] = "For In and NotIn.",
                ["type"] = "array",
                ["maxItems"] = 64,
                ["x-kubernetes-list-type"] = "atomic",
                ["items"] = new JsonObject { ["type"] = "string", ["maxLength"] = 63 },
            },
        },
    };

    static JsonObject Text(string description, int maxLength) =>
        new() { ["description"] = description, ["type"] = "string", ["maxLength"] = maxLength };
}
