using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Schema.Definitions;

namespace Sluice.LocalCluster.Api.Custom;

/// <summary>What is particular to CustomResourceDefinitions themselves.</summary>
internal static class DefinitionRules
{
    public const string Cleanup = "customresourcecleanup.apiextensions.k8s.io";

    public static KindRules Rules { get; } = new()
    {
        Default = Default,
        Prepare = Prepare,
        Validate = write => write.Subresource == "status" ? [] : CrdValidation.Validate(write.Object, write.Old),
        Table = CoreTables.JustCreated,
        Generation = true,
    };

    static void Default(JsonObject definition)
    {
        if (definition.Object("spec") is not { } spec)
            return;
        spec.Ensure("conversion").SetDefault("strategy", () => "None");
        if (spec.Object("names") is not { } names || names.Text("kind") is not { Length: > 0 } kind)
            return;
        names.SetDefault("singular", () => kind.ToLowerInvariant());
        names.SetDefault("listKind", () => kind + "List");
    }

    static void Prepare(Write write)
    {
        if (write.Subresource == "status")
            return;
        if (write.Object.Object("metadata") is { } metadata && write.Old is null && !metadata.Texts("finalizers").Contains(Cleanup))
            metadata["finalizers"] = new JsonArray([.. metadata.Texts("finalizers").Append(Cleanup).Select(one => (JsonNode)one)]);
        var status = write.Object.Ensure("status");
        var stored = write.Old is null ? [] : write.Old.Texts("status", "storedVersions").ToList();
        foreach (var version in write.Object.Objects("spec", "versions").Where(one => one.Flag("storage") == true).Select(one => one.Text("name") ?? ""))
        {
            if (!stored.Contains(version))
                stored.Add(version);
        }

        status["storedVersions"] = new JsonArray([.. stored.Select(one => (JsonNode)one)]);
    }
}
