using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Support.Measuring;
using Sluice.Support.Programs;

namespace Sluice.Integration.World;

/// <summary>
/// What the operator asked of the local API server, held against what its roles grant. Rights are not enforced there; a
/// real server with RBAC would have refused what is not granted.
/// </summary>
internal static class Rights
{
    static readonly string[][] Roles = [["config", "rbac", "role.yaml"], ["config", "gateway", "role.yaml"]];

    /// <exception cref="InvalidOperationException">The operator did what its roles do not allow.</exception>
    public static void Check(JsonNode record)
    {
        var asked = record["requests"]!.AsArray().Select(static r => r!)
            .Where(static r => r["userAgent"]!.ToString().StartsWith("sluice/", StringComparison.Ordinal))
            .Select(static r => $"{r["verb"]} {Resource(r["group"], r["resource"], r["subresource"])}").ToHashSet();
        var granted = Roles.SelectMany(static path => Yaml.Read(File.ReadAllText(Checkout.Path(path))))
            .SelectMany(static role => role["rules"]?.AsArray() ?? []).SelectMany(Grants).ToHashSet();

        Measured.Report("rights that the operator has and did not use in this run", string.Join(", ", granted.Except(asked).Order(StringComparer.Ordinal)));
        if (asked.Except(granted).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
            throw new InvalidOperationException($"The operator asked for what config/rbac does not grant: {string.Join(", ", missing)}");
    }

    static IEnumerable<string> Grants(JsonNode? rule) =>
        from verb in rule!["verbs"]!.AsArray()
        from api in rule["apiGroups"]!.AsArray()
        from resource in rule["resources"]!.AsArray()
        select $"{verb} {Resource(api, resource, null)}";

    static string Resource(JsonNode? api, JsonNode? resource, JsonNode? part) =>
        $"{resource}{(part?.ToString() is { Length: > 0 } name ? "/" + name : "")}{(api?.ToString() is { Length: > 0 } group ? "." + group : "")}";
}
