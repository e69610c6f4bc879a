using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Reconcile;

/// <summary>Everything that the operator watches in one namespace, or in all of them. Owned kinds are watched by their label.</summary>
internal sealed class Stores
{
    readonly InformerSet roots;
    readonly InformerSet owned;
    readonly InformerSet verifying;

    public Stores(KubeClient client, InformerOptions options)
    {
        roots = new InformerSet(client, options);
        owned = new InformerSet(client, options with { LabelSelector = $"{Labels.Service},!{Labels.Attempt}" });
        verifying = new InformerSet(client, options with { LabelSelector = Labels.Version });
        Services = roots.Of<InferenceService>();
        Versions = roots.Of<ModelVersion>();
        ByVersion = Services.Store.AddIndex(static s => s.Spec.Predictor.Model.Version is { } name
            ? [VersionKey(new ObjectKey(s.Metadata.Namespace ?? "", name))] : []);
        Records = new OwnedStore<ControllerRevision>(owned);
        Deployments = new OwnedStore<Deployment>(owned);
        Pods = new OwnedStore<Pod>(owned);
        Fronts = new OwnedStore<Service>(owned);
        Slices = new OwnedStore<EndpointSlice>(owned);
        ConfigMaps = new OwnedStore<ConfigMap>(owned);
        Autoscalers = new OwnedStore<HorizontalPodAutoscaler>(owned);
        Budgets = new OwnedStore<PodDisruptionBudget>(owned);
        Policies = new OwnedStore<NetworkPolicy>(owned);
        VerifyingJobs = new VerifyingStore<Job>(verifying);
        VerifyingPods = new VerifyingStore<Pod>(verifying);
    }

    public Informer<InferenceService> Services { get; }

    public Informer<ModelVersion> Versions { get; }

    /// <summary>Services by the ModelVersion that their spec names.</summary>
    public StoreIndex<InferenceService> ByVersion { get; }

    public OwnedStore<ControllerRevision> Records { get; }

    public OwnedStore<Deployment> Deployments { get; }

    public OwnedStore<Pod> Pods { get; }

    public OwnedStore<Service> Fronts { get; }

    public OwnedStore<EndpointSlice> Slices { get; }

    public OwnedStore<ConfigMap> ConfigMaps { get; }

    public OwnedStore<HorizontalPodAutoscaler> Autoscalers { get; }

    public OwnedStore<PodDisruptionBudget> Budgets { get; }

    public OwnedStore<NetworkPolicy> Policies { get; }

    /// <summary>The Jobs that look at ModelVersions.</summary>
    public VerifyingStore<Job> VerifyingJobs { get; }

    /// <summary>The pods of those Jobs: in them stands what was found.</summary>
    public VerifyingStore<Pod> VerifyingPods { get; }

    public IReadOnlyCollection<IInformer> Informers => [.. roots.All, .. owned.All, .. verifying.All];

    public bool IsSynced => roots.IsSynced && owned.IsSynced && verifying.IsSynced;

    public static string VersionKey(ObjectKey version) => version.ToString();

    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(roots.RunAsync(cancel), owned.RunAsync(cancel), verifying.RunAsync(cancel));
}

/// <summary>One kind that services own, found by the service that its label names.</summary>
internal sealed class OwnedStore<T>
    where T : class, IKubeObject<T>
{
    readonly StoreIndex<T> byService;

    public OwnedStore(InformerSet informers)
    {
        Informer = informers.Of<T>();
        byService = Informer.Store.AddIndex(static item => ServiceOf(item) is { } key ? [key.ToString()] : []);
    }

    public Informer<T> Informer { get; }

    public IReadOnlyList<T> Of(ObjectKey service) => byService[service.ToString()];

    /// <summary>The service that an object's label names.</summary>
    public static ObjectKey? ServiceOf(T item) =>
        item.Metadata.Label(Labels.Service) is { } name ? new ObjectKey(item.Metadata.Namespace ?? "", name) : null;
}
