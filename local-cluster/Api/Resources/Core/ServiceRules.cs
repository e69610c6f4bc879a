using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Validation;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Resources.Core;

/// <summary>What is particular to Services: an address of their own, which never changes.</summary>
internal sealed class ServiceRules(Collection services)
{
    /// <summary>Services get 127.96.x.y, which every Linux machine answers to without any setup.</summary>
    const string Range = "127.96";

    const int RangeSize = 65534;

    readonly Lock gate = new();

    // Clusters beside each other on one machine share its loopback addresses: they must not all begin at the first.
    int last = RandomNumberGenerator.GetInt32(RangeSize);

    public KindRules Rules => new()
    {
        NameForm = Names.Dns1035,
        Default = Default,
        Prepare = Allocate,
        Validate = Validate,
        Table = CoreTables.Services,
        Fields = new Dictionary<string, Func<JsonObject, string?>>(StringComparer.Ordinal)
        {
            ["spec.clusterIP"] = service => service.Text("spec", "clusterIP"),
            ["spec.type"] = service => service.Text("spec", "type"),
        },
    };

    static void Default(JsonObject service)
    {
        if (service.Object("spec") is not { } spec)
            return;
        var type = spec.Text("type");
        if (type is "NodePort" or "LoadBalancer")
            spec.SetDefault("externalTrafficPolicy", () => "Cluster");
        if (type is "NodePort" or "LoadBalancer" or "ClusterIP")
            spec.SetDefault("internalTrafficPolicy", () => "Cluster");
        if (type == "LoadBalancer")
            spec.SetDefault("allocateLoadBalancerNodePorts", () => true);
        if (spec.Text("sessionAffinity") == "ClientIP")
            spec.Ensure("sessionAffinityConfig").Ensure("clientIP").SetDefault("timeoutSeconds", () => 10800L);
        else
            spec.Remove("sessionAffinityConfig");
        foreach (var port in spec.Objects("ports"))
        {
            if (port["targetPort"] is null || port.Integer("targetPort") == 0 || port.Text("targetPort") is "")
                port["targetPort"] = port["port"]?.DeepClone();
        }
    }

    void Allocate(Write write)
    {
        if (write.Subresource == "status" || write.Object.Object("spec") is not { } spec)
            return;
        if (spec.Text("type") == "ExternalName")
        {
            foreach (var name in new[] { "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy" })
                spec.Remove(name);
            return;
        }

        var old = write.Old?.Object("spec");
        foreach (var name in new[] { "clusterIP", "clusterIPs" })
        {
            if (spec[name] is null && old?[name] is { } kept)
                spec[name] = kept.DeepClone();
        }

        spec.SetDefault("clusterIP", () => spec.Texts("clusterIPs").FirstOrDefault() ?? Next());
        spec.SetDefault("clusterIPs", () => new JsonArray(spec["clusterIP"]!.DeepClone()));
        spec.SetDefault("ipFamilies", () => new JsonArray("IPv4"));
        spec.SetDefault("ipFamilyPolicy", () => "SingleStack");
    }

    string Next()
    {
        var taken = services.Objects.Values.Select(one => one.Value.Text("spec", "clusterIP")).ToHashSet();
        lock (gate)
        {
            for (var tries = 0; tries < RangeSize; tries++)
            {
                last = (last % RangeSize) + 1;
                var address = $"{Range}.{last >> 8}.{last & 255}";
                if (!taken.Contains(address))
                    return address;
            }
        }

        throw new InvalidOperationException($"all addresses of {Range}.0.0/16 are taken by Services; delete some");
    }

    static IEnumerable<FieldError> Validate(Write write)
    {
        var spec = write.Object.Object("spec") ?? [];
        if (spec.Text("type") is { } type && type is not ("ClusterIP" or "NodePort" or "LoadBalancer" or "ExternalName"))
            yield break;
        var headless = spec.Text("clusterIP") == "None";
        if (spec.Text("type") == "ExternalName" && spec.Text("externalName") is null or "")
            yield return Errors.Required("spec.externalName");
        var ports = spec.Objects("ports").ToList();
        if (ports.Count == 0 && !headless && spec.Text("type") != "ExternalName")
            yield return Errors.Required("spec.ports");
        foreach (var error in Ports(ports).Concat(ClusterAddress(write, spec)))
            yield return error;
    }

    static IEnumerable<FieldError> Ports(List<JsonObject> ports)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<(long?, string?)>();
        foreach (var (port, index) in ports.Select((port, index) => (port, index)))
        {
            var at = $"spec.ports[{index}]";
            var name = port.Text("name") ?? "";
            if (name.Length == 0 && ports.Count > 1)
                yield return Errors.Required($"{at}.name");
            if (name.Length > 0)
            {
                foreach (var problem in Names.Label(name))
                    yield return Errors.Invalid($"{at}.name", name, problem);
                if (!names.Add(name))
                    yield return Errors.Duplicate($"{at}.name", name);
            }

            if (port.Integer("port") is not (>= 1 and <= 65535))
                yield return Errors.Invalid($"{at}.port", port.Integer("port") ?? 0, "must be between 1 and 65535, inclusive");
            if (port.Integer("targetPort") is { } target and not (>= 1 and <= 65535))
                yield return Errors.Invalid($"{at}.targetPort", target, "must be between 1 and 65535, inclusive");
            if (!numbers.Add((port.Integer("port"), port.Text("protocol"))))
            {
                yield return new FieldError(at, FieldErrorType.Duplicate,
                    $"Duplicate value: {{\"port\":{port.Integer("port")},\"protocol\":\"{port.Text("protocol")}\"}}");
            }
        }
    }

    static IEnumerable<FieldError> ClusterAddress(Write write, JsonObject spec)
    {
        var address = spec.Text("clusterIP") ?? "";
        if (address.Length > 0 && address != "None" && !System.Net.IPAddress.TryParse(address, out _))
            yield return Errors.Invalid("spec.clusterIPs[0]", address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        var before = write.Old?.Text("spec", "clusterIP") ?? "";
        if (before.Length == 0 || write.Old.Text("spec", "type") == "ExternalName" || spec.Text("type") == "ExternalName")
            yield break;
        if (address != before)
            yield return Errors.Invalid("spec.clusterIPs[0]", spec["clusterIPs"]?.DeepClone(), "may not change once set");
    }
}
