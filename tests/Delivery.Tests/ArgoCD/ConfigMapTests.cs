using System.Text;
using Sluice.Kubernetes.Json;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.ArgoCD;

/// <summary>What a person patches into Argo CD's own ConfigMap is those scripts.</summary>
public sealed class ConfigMapTests
{
    [Fact]
    public async Task The_patch_for_argocd_cm_holds_the_scripts()
    {
        var path = Checkout.Path("config", "argocd", "argocd-cm.yaml");
        var text = new StringBuilder(
            "# Generated from resource_customizations by `make golden`: kubectl -n argocd patch configmap argocd-cm --patch-file argocd-cm.yaml\ndata:\n");
        foreach (var kind in new[] { "InferenceService", "ModelVersion" })
            Append(text, $"resource.customizations.health.sluice.dev_{kind}", await ScriptAsync(kind, "health.lua"));
        var actions = new StringBuilder("discovery.lua: |\n");
        Indent(actions, await ScriptAsync("InferenceService", "actions/discovery.lua"), 2);
        actions.Append("definitions:\n");
        foreach (var action in Customization.Actions("InferenceService"))
        {
            actions.Append($"- name: {action}\n  action.lua: |\n");
            Indent(actions, await ScriptAsync("InferenceService", $"actions/{action}/action.lua"), 4);
        }

        Append(text, "resource.customizations.actions.sluice.dev_InferenceService", actions.ToString());
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(path, text.ToString());

        (await File.ReadAllTextAsync(path)).Should().Be(text.ToString(), "'make golden' writes it anew");
        var data = Yaml.Read(text.ToString())[0]["data"]!;
        var definitions = Yaml.Read(data["resource.customizations.actions.sluice.dev_InferenceService"]!.ToString())[0]["definitions"]!.AsArray();
        definitions.Should().HaveCount(Customization.Actions("InferenceService").Count());
        data["resource.customizations.health.sluice.dev_ModelVersion"]!.ToString().Should().Be(await ScriptAsync("ModelVersion", "health.lua"));
    }

    static Task<string> ScriptAsync(string kind, string name) => File.ReadAllTextAsync(Customization.File(kind, name));

    static void Append(StringBuilder text, string key, string value)
    {
        text.Append($"  {key}: |\n");
        Indent(text, value, 4);
    }

    static void Indent(StringBuilder text, string value, int spaces)
    {
        foreach (var line in value.TrimEnd('\n').Split('\n'))
            text.Append(line.Length == 0 ? "" : new string(' ', spaces)).Append(line).Append('\n');
    }
}
