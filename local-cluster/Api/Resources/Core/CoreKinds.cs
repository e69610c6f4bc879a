using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Validation;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Resources.Core;

/// <summary>The kinds of the core group.</summary>
internal static class CoreKinds
{
    static readonly ServedVersion V1 = new("v1");
    static readonly ServedVersion V1WithStatus = new("v1") { Status = true };

    public static IEnumerable<IKind> All(ObjectStore store)
    {
        BuiltInKind Kind(ResourceInfo info, ServedVersion version, KindRules rules) => BuiltInKinds.Make(store, "core", info, version, rules);

        yield return Kind(new("", "Pod", "pods", true) { ShortNames = ["po"], Categories = ["all"] }, V1WithStatus with
        {
            Others =
            [
                new("log", "", "v1", "Pod", "get"),
                new("proxy", "", "v1", "PodProxyOptions", "create", "delete", "get", "patch", "update"),
                new("eviction", "policy", "v1", "Eviction", "create"),
            ],
        }, PodRules.Rules);
        yield return Kind(new("", "Service", "services", true) { ShortNames = ["svc"], Categories = ["all"] }, V1WithStatus with
        {
            Others = [new("proxy", "", "v1", "ServiceProxyOptions", "create", "delete", "get", "patch", "update")],
        }, new ServiceRules(store.For("services")).Rules);
        yield return Kind(new("", "ConfigMap", "configmaps", true) { ShortNames = ["cm"] }, V1, new KindRules
        {
            Validate = ConfigMap,
            Table = CoreTables.ConfigMaps,
        });
        yield return Kind(new("", "Secret", "secrets", true), V1, new KindRules
        {
            Default = FoldStringData,
            Validate = Secret,
            Table = CoreTables.Secrets,
            Fields = Fields(("type", secret => secret.Text("type"))),
        });
        yield return Kind(new("", "Namespace", "namespaces", false) { ShortNames = ["ns"] }, V1WithStatus with
        {
            Others = [new("finalize", "", "v1", "Namespace", "update")],
        }, NamespaceRules);
        yield return Kind(new("", "Event", "events", true) { ShortNames = ["ev"] }, V1, EventRules);
        yield return Kind(new("", "ServiceAccount", "serviceaccounts", true) { ShortNames = ["sa"] }, V1 with
        {
            Others = [new("token", "authentication.k8s.io", "v1", "TokenRequest", "create")],
        }, new KindRules { Table = CoreTables.JustAge });
        yield return Kind(new("", "PersistentVolumeClaim", "persistentvolumeclaims", true) { ShortNames = ["pvc"] }, V1WithStatus, new KindRules
        {
            Validate = Claim,
            Table = CoreTables.Claims,
        });
        yield return Kind(new("", "PersistentVolume", "persistentvolumes", false) { ShortNames = ["pv"] }, V1WithStatus, new KindRules
        {
            Table = CoreTables.Volumes,
        });
        yield return Kind(new("", "Node", "nodes", false) { ShortNames = ["no"] }, V1WithStatus, new KindRules
        {
            Table = CoreTables.Nodes,
            Fields = Fields(("spec.unschedulable", node => node.Flag("spec", "unschedulable") == true ? "true" : "false")),
        });
        yield return Kind(new("", "Endpoints", "endpoints", true) { ShortNames = ["ep"] }, V1, new KindRules { Table = CoreTables.Endpoints });
    }

    static Dictionary<string, Func<JsonObject, string?>> Fields(params (string Name, Func<JsonObject, string?> Value)[] fields) =>
        fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);

    static KindRules NamespaceRules => new()
    {
        NameForm = Names.Label,
        Table = CoreTables.Namespaces,
        Fields = Fields(("status.phase", one => one.Text("status", "phase"))),
        Default = one =>
        {
            if (one.Text("metadata", "name") is { Length: > 0 } name)
                one.Ensure("metadata").Ensure("labels")["kubernetes.io/metadata.name"] = name;
        },
        Prepare = write =>
        {
            // The finalizers of the spec change through /finalize alone, as the namespace's contents go.
            if (write.Old is null)
                write.Object["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
            else if (write.Subresource != "finalize")
                write.Object["spec"] = write.Old["spec"]?.DeepClone();
        },
    };

    static KindRules EventRules
    {
        get
        {
            static (string, Func<JsonObject, string?>) About(string name) => ($"involvedObject.{name}", one => one.Text("involvedObject", name));
            return new()
            {
                Table = CoreTables.Events,
                Fields = Fields(About("kind"), About("namespace"), About("name"), About("uid"), About("apiVersion"), About("resourceVersion"),
                    About("fieldPath"), ("reason", one => one.Text("reason")), ("type", one => one.Text("type")),
                    ("reportingComponent", one => one.Text("reportingComponent")),
                    ("source", one => one.Text("source", "component") is { Length: > 0 } source ? source : one.Text("reportingComponent"))),
                Validate = write => write.Object.Text("metadata", "namespace") == (write.Object.Text("involvedObject", "namespace") is { Length: > 0 } ns ? ns : "default")
                    ? []
                    : [Errors.Invalid("involvedObject.namespace", write.Object.Text("involvedObject", "namespace") ?? "", "does not match event.namespace")],
            };
        }
    }

    static void FoldStringData(JsonObject secret)
    {
        foreach (var (key, text) in secret.Strings("stringData"))
            secret.Ensure("data")[key] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));
        secret.Remove("stringData");
    }

    static IEnumerable<FieldError> ConfigMap(Write write)
    {
        foreach (var error in Keys(write.Object, "data").Concat(Keys(write.Object, "binaryData")).Concat(Immutable(write, "data", "binaryData")))
            yield return error;
        var binary = write.Object.Object("binaryData");
        foreach (var key in write.Object.Strings("data").Keys.Where(key => binary?.ContainsKey(key) == true))
            yield return Errors.Invalid($"data[{key}]", key, "duplicate of key present in binaryData");
    }

    static IEnumerable<FieldError> Secret(Write write)
    {
        foreach (var error in Keys(write.Object, "data").Concat(Immutable(write, "data")))
            yield return error;
        if (write.Old is not null && write.Old.Text("type") != write.Object.Text("type"))
            yield return Errors.Invalid("type", write.Object.Text("type") ?? "", "field is immutable");
    }

    static IEnumerable<FieldError> Keys(JsonObject obj, string member)
    {
        foreach (var (key, _) in obj.Object(member) ?? [])
        {
            if (key.Length is 0 or > 253 || !key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            {
                yield return Errors.Invalid($"{member}[{key}]", key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
                    "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
            }
        }
    }

    static IEnumerable<FieldError> Immutable(Write write, params string[] members)
    {
        if (write.Old?.Flag("immutable") != true)
            yield break;
        if (write.Object.Flag("immutable") != true)
            yield return Errors.Forbidden("immutable", "field is immutable when `immutable` is set");
        foreach (var member in members.Where(member => !Tree.Same(write.Old[member], write.Object[member])))
            yield return Errors.Forbidden(member, "field is immutable when `immutable` is set");
    }

    static IEnumerable<FieldError> Claim(Write write)
    {
        if (write.Object.Array("spec", "accessModes") is not { Count: > 0 })
            yield return Errors.Required("spec.accessModes", "at least 1 access mode is required");
        if (write.Object.Text("spec", "resources", "requests", "storage") is null)
            yield return Errors.Required("spec.resources[storage]");
    }
}
