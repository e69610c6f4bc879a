using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using static Sluice.LocalCluster.Api.Tables.TableLayout;

namespace Sluice.LocalCluster.Api.Tables;

/// <summary>The tables of the core kinds.</summary>
internal static class CoreTables
{
    const string None = "<none>";

    public static TableLayout ConfigMaps { get; } = Of(
        Text("Data", "How many entries it holds.", row => row.Object.Object("data").Size() + row.Object.Object("binaryData").Size()), Age);

    public static TableLayout Secrets { get; } = Of(
        Text("Type", "What the data is for.", row => row.Text("type")),
        Text("Data", "How many entries it holds.", row => row.Object.Object("data").Size()), Age);

    public static TableLayout Namespaces { get; } = Of(Text("Status", "Active or Terminating.", row => row.Text("status", "phase")), Age);

    public static TableLayout JustAge { get; } = Of(Age);

    public static TableLayout JustCreated { get; } = Of(CreatedAt);

    public static TableLayout Services { get; } = Of(
        Text("Type", "How the service is exposed.", row => row.Text("spec", "type")),
        Text("Cluster-IP", "The address inside the cluster.", row => row.Object.Texts("spec", "clusterIPs").FirstOrDefault() ?? None),
        Text("External-IP", "Addresses outside the cluster.", ExternalAddress),
        Text("Port(s)", "The ports of the service.", Ports),
        Age,
        Wide("Selector", "The labels of the pods behind it.", row => Labels(row.Object.Strings("spec", "selector"))));

    public static TableLayout Endpoints { get; } = Of(
        Text("Endpoints", "Addresses and ports.", row => More(EndpointAddresses(row.Object), None)), Age);

    public static TableLayout EndpointSlices { get; } = Of(
        Text("AddressType", "The kind of its addresses.", row => row.Text("addressType")),
        Text("Ports", "The ports of each endpoint.", row => More(row.Object.Objects("ports").Select(SlicePort), "<unset>")),
        Text("Endpoints", "The addresses.", row => More(row.Object.Objects("endpoints").SelectMany(one => one.Texts("addresses")), "<unset>")),
        Age);

    public static TableLayout Claims { get; } = Of(
        Text("Status", "The phase of the claim.", row => row.IsDeleted ? "Terminating" : row.Text("status", "phase")),
        Text("Volume", "The volume it is bound to.", row => row.Text("spec", "volumeName")),
        Text("Capacity", "The size of the volume.", row => Bound(row) ? row.TextOr("0", "status", "capacity", "storage") : ""),
        Text("Access Modes", "How the volume may be mounted.", row => Bound(row) ? AccessModes(row.Object.Texts("status", "accessModes")) : ""),
        Text("StorageClass", "The class of storage.", row => row.Text("spec", "storageClassName")),
        Text("VolumeAttributesClass", "The class of attributes.", row => row.TextOr("<unset>", "spec", "volumeAttributesClassName")),
        Age,
        Wide("VolumeMode", "Filesystem or Block.", row => row.TextOr("<unset>", "spec", "volumeMode")));

    public static TableLayout Volumes { get; } = Of(
        Text("Capacity", "The size of the volume.", row => row.TextOr("0", "spec", "capacity", "storage")),
        Text("Access Modes", "How it may be mounted.", row => AccessModes(row.Object.Texts("spec", "accessModes"))),
        Text("Reclaim Policy", "What becomes of it when it is released.", row => row.Text("spec", "persistentVolumeReclaimPolicy")),
        Text("Status", "The phase of the volume.", row => row.IsDeleted ? "Terminating" : row.Text("status", "phase")),
        Text("Claim", "The claim it is bound to.", row => row.Object.Object("spec", "claimRef") is { } claim ? $"{claim.Text("namespace")}/{claim.Text("name")}" : ""),
        Text("StorageClass", "The class of storage.", row => row.Text("spec", "storageClassName")),
        Text("VolumeAttributesClass", "The class of attributes.", row => row.TextOr("<unset>", "spec", "volumeAttributesClassName")),
        Text("Reason", "Why it failed.", row => row.Text("status", "reason")),
        Age,
        Wide("VolumeMode", "Filesystem or Block.", row => row.TextOr("<unset>", "spec", "volumeMode")));

    public static TableLayout Nodes { get; } = Of(
        Text("Status", "Whether pods can run there.", NodeStatus),
        Text("Roles", "What the node is for.", NodeRoles),
        Age,
        Text("Version", "The version of its kubelet.", row => row.Text("status", "nodeInfo", "kubeletVersion")),
        Wide("Internal-IP", "Its address inside the cluster.", row => NodeAddress(row, "InternalIP")),
        Wide("External-IP", "Its address outside the cluster.", row => NodeAddress(row, "ExternalIP")),
        Wide("OS-Image", "The operating system.", row => row.TextOr("<unknown>", "status", "nodeInfo", "osImage")),
        Wide("Kernel-Version", "The kernel.", row => row.TextOr("<unknown>", "status", "nodeInfo", "kernelVersion")
            + (row.Text("status", "nodeInfo", "architecture") is { Length: > 0 } machine ? $" ({machine})" : "")),
        Wide("Container-Runtime", "What runs the containers.", row => row.TextOr("<unknown>", "status", "nodeInfo", "containerRuntimeVersion")));

    public static TableLayout Events { get; } = Plain([
        Text("Last Seen", "When it happened last.", LastSeen),
        Text("Type", "Normal or Warning.", row => row.Text("type")),
        Text("Reason", "A word for programs.", row => row.Text("reason")),
        Text("Object", "What it is about.", EventObject),
        Wide("Subobject", "The part it is about.", row => row.Text("involvedObject", "fieldPath")),
        Wide("Source", "Who reported it.", EventSource),
        Text("Message", "A sentence for people.", row => row.Text("message").Trim()),
        Wide("First Seen", "When it happened first.", FirstSeen),
        Wide("Count", "How often it happened.", row => row.Object.Object("series") is not null ? row.Count("series", "count") : Math.Max(1, row.Count("count"))),
        (new Column("Name", "string", "The name of the event.") { Format = "name", Priority = 1 }, row => row.Text("metadata", "name")),
    ]);

    static int Size(this JsonObject? map) => map?.Count ?? 0;

    public static string Labels(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0 ? None : string.Join(',', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));

    static string More(IEnumerable<string> all, string none)
    {
        var list = all.ToList();
        if (list.Count == 0)
            return none;
        return list.Count <= 3 ? string.Join(',', list) : $"{string.Join(',', list.Take(3))} + {list.Count - 3} more...";
    }

    static JsonNode? ExternalAddress(Row row)
    {
        var external = row.Object.Texts("spec", "externalIPs").ToList();
        switch (row.Text("spec", "type"))
        {
            case "ExternalName":
                return row.Text("spec", "externalName");
            case "LoadBalancer":
                var balanced = row.Object.Objects("status", "loadBalancer", "ingress").Select(one => one.Text("ip") ?? one.Text("hostname") ?? "").ToList();
                return balanced.Count + external.Count == 0 ? "<pending>" : string.Join(',', balanced.Concat(external));
            default:
                return external.Count == 0 ? None : string.Join(',', external);
        }
    }

    static JsonNode? Ports(Row row)
    {
        var ports = row.Object.Objects("spec", "ports").Select(port => port.Integer("nodePort") is > 0 and var node
            ? $"{port.Integer("port")}:{node}/{port.Text("protocol")}"
            : $"{port.Integer("port")}/{port.Text("protocol")}").ToList();
        return ports.Count == 0 ? None : string.Join(',', ports);
    }

    static IEnumerable<string> EndpointAddresses(JsonObject endpoints)
    {
        foreach (var subset in endpoints.Objects("subsets"))
        {
            var ports = subset.Objects("ports").Select(port => $":{port.Integer("port")}").DefaultIfEmpty("");
            foreach (var port in ports)
            {
                foreach (var address in subset.Objects("addresses"))
                    yield return address.Text("ip") + port;
            }
        }
    }

    static string SlicePort(JsonObject port) => port.Integer("port")?.ToString() ?? port.Text("name") ?? "*";

    static bool Bound(Row row) => row.Text("spec", "volumeName").Length > 0;

    static string AccessModes(IEnumerable<string> modes) => string.Join(',', modes.Distinct(StringComparer.Ordinal).Select(mode => mode switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        _ => mode,
    }));

    static JsonNode? NodeStatus(Row row)
    {
        var ready = row.Object.Objects("status", "conditions").FirstOrDefault(one => one.Text("type") == "Ready");
        var status = ready is null ? "Unknown" : ready.Text("status") == "True" ? "Ready" : "NotReady";
        return row.Object.Flag("spec", "unschedulable") == true ? status + ",SchedulingDisabled" : status;
    }

    static JsonNode? NodeRoles(Row row)
    {
        const string Prefix = "node-role.kubernetes.io/";
        var roles = row.Object.Strings("metadata", "labels").Keys
            .Where(key => key.StartsWith(Prefix, StringComparison.Ordinal)).Select(key => key[Prefix.Length..])
            .Order(StringComparer.Ordinal).ToList();
        return roles.Count == 0 ? None : string.Join(',', roles);
    }

    static JsonNode? NodeAddress(Row row, string type) =>
        row.Object.Objects("status", "addresses").FirstOrDefault(one => one.Text("type") == type)?.Text("address") ?? None;

    static JsonNode? FirstSeen(Row row) => row.Text("firstTimestamp").Length > 0 ? row.Since("firstTimestamp") : row.Since("eventTime");

    static JsonNode? LastSeen(Row row)
    {
        if (row.Object.Object("series") is not null)
            return row.Since("series", "lastObservedTime");
        return row.Text("lastTimestamp").Length > 0 ? row.Since("lastTimestamp") : FirstSeen(row);
    }

    static JsonNode? EventObject(Row row)
    {
        var kind = row.Text("involvedObject", "kind").ToLowerInvariant();
        return row.Text("involvedObject", "name") is { Length: > 0 } name ? $"{kind}/{name}" : kind;
    }

    static JsonNode? EventSource(Row row)
    {
        var component = row.TextOr(row.Text("reportingComponent"), "source", "component");
        var instance = row.TextOr(row.Text("reportingInstance"), "source", "host");
        return instance.Length == 0 ? component : $"{component}, {instance}";
    }
}
