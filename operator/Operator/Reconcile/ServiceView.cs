using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Reconcile;

/// <summary>What the stores know of one service at one moment.</summary>
internal sealed record ServiceView
{
    public required InferenceService Service { get; init; }

    /// <summary>The ModelVersion that the spec names, when it exists.</summary>
    public ModelVersion? Version { get; init; }

    /// <summary>The ModelVersion that serves, when it exists.</summary>
    public ModelVersion? Served { get; init; }

    public IReadOnlyList<ControllerRevision> Records { get; init; } = [];

    public IReadOnlyList<Deployment> Deployments { get; init; } = [];

    public IReadOnlyList<Pod> Pods { get; init; } = [];

    public IReadOnlyList<Service> Services { get; init; } = [];

    public IReadOnlyList<EndpointSlice> Slices { get; init; } = [];

    public IReadOnlyList<ConfigMap> ConfigMaps { get; init; } = [];

    public IReadOnlyList<HorizontalPodAutoscaler> Autoscalers { get; init; } = [];

    public IReadOnlyList<PodDisruptionBudget> Budgets { get; init; } = [];

    public IReadOnlyList<NetworkPolicy> Policies { get; init; } = [];

    /// <summary>Its HTTPRoute, where it has one; that is read in each pass and in no store.</summary>
    public HttpRoute? Route { get; init; }

    public string Name => Service.Metadata.Name!;

    public Service? Front => Services.FirstOrDefault(s => s.Metadata.Name == Name);

    public ConfigMap? Split => ConfigMaps.FirstOrDefault(c => c.Metadata.Name == Names.Split(Name));

    /// <summary>The objects that a service owns itself, in the order in which they are removed: routes, then capacity, then what pods read.</summary>
    public IEnumerable<IKubeObject> Children =>
        (Route is null ? [] : new IKubeObject[] { Route }).Concat(Services).Concat(Autoscalers).Concat(Deployments).Concat(Budgets).Concat(Policies).Concat(ConfigMaps).Concat(Records);

    public static ServiceView? Of(Stores stores, ObjectKey key)
    {
        if (stores.Services.Store.Get(key) is not { } service)
            return null;
        return new ServiceView
        {
            Service = service,
            Version = service.Spec.Predictor.Model.Version is { } version
                ? stores.Versions.Store.Get(key with { Name = version }) : null,
            Served = service.Status?.Stable?.Version is { } served
                ? stores.Versions.Store.Get(key with { Name = served }) : null,
            Records = stores.Records.Of(key),
            Deployments = stores.Deployments.Of(key),
            Pods = stores.Pods.Of(key),
            Services = stores.Fronts.Of(key),
            Slices = stores.Slices.Of(key),
            ConfigMaps = stores.ConfigMaps.Of(key),
            Autoscalers = stores.Autoscalers.Of(key),
            Budgets = stores.Budgets.Of(key),
            Policies = stores.Policies.Of(key),
        };
    }

    /// <summary>Pods of a revision that answer and are not on their way out.</summary>
    public IEnumerable<Pod> ReadyPods(string revision) => Pods.Where(p => p.Metadata.Label(Labels.Revision) == revision && IsReady(p));

    public static bool IsReady(Pod pod) => pod.Metadata.DeletionTimestamp is null && pod.Status?.IsReady is true;

    public bool IsBehindGateway => Service.Spec.Rollout?.Router is SplitRouter.GatewayAPI;

    public bool Owns(IKubeObject item) => item.Metadata.Controller?.Uid == Service.Metadata.Uid;
}
