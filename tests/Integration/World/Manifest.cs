using Sluice.Kubernetes.Json;

namespace Sluice.Integration.World;

/// <summary>YAML files as the suite applies them: one document at a time, each at its path.</summary>
internal static class Manifest
{
    public static IEnumerable<string> Split(string text) =>
        text.Split("\n---").Select(part => part.TrimStart('-')).Where(part => Yaml.Read(part).Count > 0);

    /// <summary>Where a document is applied; namespaced ones in <paramref name="space"/>.</summary>
    public static string PathOf(string document, string space)
    {
        var root = Yaml.Read(document)[0];
        return Plural.Path(Plural.OfKind((string)root["kind"]!), space) + "/" + (string)root["metadata"]!["name"]!;
    }
}
