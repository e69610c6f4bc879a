using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Chart;

/// <summary>Objects as the real tools print them.</summary>
internal static class Rendered
{
    public static string Chart => Checkout.Path("charts", "sluice");

    public static async Task<string> HelmAsync(params string[] arguments)
    {
        var (code, output) = await RunningProgram.RunAsync(Checkout.Tool("helm"), arguments);
        code.Should().Be(0, $"helm {string.Join(' ', arguments)} says: {output}");
        return output;
    }

    /// <summary>What <c>helm install sluice</c> would send.</summary>
    public static Task<string> TemplateAsync(params string[] settings) =>
        HelmAsync(["template", "sluice", Chart, "--namespace", "sluice-system", .. settings.SelectMany(static s => new[] { "--set", s })]);

    public static async Task<string> KustomizeAsync(params string[] folder)
    {
        var (code, output) = await RunningProgram.RunAsync(Checkout.Tool("kubectl"), ["kustomize", Checkout.Path(folder)]);
        code.Should().Be(0, output);
        return output;
    }

    /// <summary>By kind, namespace and name.</summary>
    public static SortedDictionary<string, JsonObject> Objects(string yaml) => new(
        Yaml.Read(yaml).Select(static o => o.AsObject()).ToDictionary(
            static o => $"{o["kind"]} {o["metadata"]!["namespace"] ?? "-"}/{o["metadata"]!["name"]}"),
        StringComparer.Ordinal);
}
