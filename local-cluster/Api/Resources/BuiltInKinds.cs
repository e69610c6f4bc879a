using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Resources.Core;
using Sluice.LocalCluster.Api.Resources.Workloads;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Api.Validation;

namespace Sluice.LocalCluster.Api.Resources;

/// <summary>The kinds that every cluster has, as far as Sluice and its users' tools need them.</summary>
internal static class BuiltInKinds
{
    static readonly ServedVersion V1 = new("v1");
    static readonly ServedVersion V1WithStatus = new("v1") { Status = true };
    static readonly ScalePaths Replicas = new(["spec", "replicas"], ["status", "replicas"], null);

    public static IEnumerable<IKind> All(ObjectStore store) =>
        [.. CoreKinds.All(store), .. Workloads(store), .. Rights(store), .. Others(store), Events(store)];

    static NewEvents Events(ObjectStore store) => new(
        CoreKinds.All(store).First(kind => kind.Info.Kind == "Event"),
        Make(store, "events", new("events.k8s.io", "Event", "events", true) { ShortNames = ["ev"] }, V1,
            new KindRules { Table = CoreTables.JustAge }));

    public static BuiltInKind Make(ObjectStore store, string package, ResourceInfo info, ServedVersion version, KindRules rules) =>
        new(info, TypeTable.BuiltIn[$"{package}.{info.Kind}"], version, rules, store.For(info.Qualified));

    static IEnumerable<IKind> Workloads(ObjectStore store)
    {
        yield return Make(store, "apps", new("apps", "Deployment", "deployments", true) { ShortNames = ["deploy"], Categories = ["all"] },
            V1WithStatus with { Scale = Replicas }, WorkloadRules.Deployments);
        yield return Make(store, "apps", new("apps", "ReplicaSet", "replicasets", true) { ShortNames = ["rs"], Categories = ["all"] },
            V1WithStatus with { Scale = Replicas }, WorkloadRules.ReplicaSets);
        yield return Make(store, "apps", new("apps", "ControllerRevision", "controllerrevisions", true), V1, new KindRules
        {
            Table = WorkloadTables.ControllerRevisions,
            Validate = write => write.Old is not null && !Tree.Same(write.Old["data"], write.Object["data"])
                ? [Errors.Invalid("data", write.Object["data"]?.DeepClone(), "field is immutable")]
                : [],
        });
        yield return Make(store, "batch", new("batch", "Job", "jobs", true) { Categories = ["all"] }, V1WithStatus, JobRules.Jobs);
        yield return Make(store, "batch", new("batch", "CronJob", "cronjobs", true) { ShortNames = ["cj"], Categories = ["all"] },
            V1WithStatus, JobRules.CronJobs);
        yield return Make(store, "autoscaling", new("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true)
        {
            ShortNames = ["hpa"],
            Categories = ["all"],
        }, new ServedVersion("v2") { Status = true }, AutoscalerRules.Autoscalers);
        yield return Make(store, "policy", new("policy", "PodDisruptionBudget", "poddisruptionbudgets", true) { ShortNames = ["pdb"] },
            V1WithStatus, AutoscalerRules.DisruptionBudgets);
    }

    static IEnumerable<IKind> Rights(ObjectStore store)
    {
        const string Group = "rbac.authorization.k8s.io";
        var roles = new KindRules { NameForm = Names.PathSegment, Table = CoreTables.JustCreated };
        var bindings = new KindRules { NameForm = Names.PathSegment, Table = WorkloadTables.RoleBindings, Default = DefaultBinding };
        yield return Make(store, "rbac", new(Group, "Role", "roles", true), V1, roles);
        yield return Make(store, "rbac", new(Group, "ClusterRole", "clusterroles", false), V1, roles);
        yield return Make(store, "rbac", new(Group, "RoleBinding", "rolebindings", true), V1, bindings);
        yield return Make(store, "rbac", new(Group, "ClusterRoleBinding", "clusterrolebindings", false), V1, bindings);
    }

    static void DefaultBinding(JsonObject binding)
    {
        const string Group = "rbac.authorization.k8s.io";
        if (binding.Object("roleRef") is { } role && role.Text("apiGroup") is null or "")
            role["apiGroup"] = Group;
        foreach (var subject in binding.Objects("subjects").Where(one => one.Text("kind") is "User" or "Group"))
            subject.SetDefault("apiGroup", () => Group);
    }

    static IEnumerable<IKind> Others(ObjectStore store)
    {
        yield return Make(store, "apiextensions", new("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", false)
        {
            ShortNames = ["crd", "crds"],
            Categories = ["api-extensions"],
            UnconditionalUpdate = false,
        }, V1WithStatus, Custom.DefinitionRules.Rules);
        yield return Make(store, "coordination", new("coordination.k8s.io", "Lease", "leases", true) { UnconditionalUpdate = false }, V1, new KindRules { Table = WorkloadTables.Leases });
        yield return Make(store, "networking", new("networking.k8s.io", "NetworkPolicy", "networkpolicies", true) { ShortNames = ["netpol"] }, V1, new KindRules
        {
            Table = WorkloadTables.NetworkPolicies,
            Generation = true,
            Default = policy =>
            {
                if (policy.Object("spec") is { } spec && spec.Array("policyTypes") is not { Count: > 0 })
                    spec["policyTypes"] = spec.Array("egress") is { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
            },
        });
        yield return Make(store, "discovery", new("discovery.k8s.io", "EndpointSlice", "endpointslices", true), V1, new KindRules
        {
            Table = CoreTables.EndpointSlices,
            Generation = true,
        });
    }
}
