using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.ArgoCD;

/// <summary>The files that tell Argo CD of a kind, laid out as in its own repository.</summary>
internal static class Customization
{
    public static string File(string kind, string name) =>
        Checkout.Path("config", "argocd", "resource_customizations", "sluice.dev", kind, name);

    public static JsonObject Read(string kind, string name) => Yaml.Read(System.IO.File.ReadAllText(File(kind, name)))[0].AsObject();

    public static IEnumerable<string> Actions(string kind) =>
        Directory.GetDirectories(File(kind, "actions")).Select(static d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);
}
