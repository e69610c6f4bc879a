using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Reconcile;

/// <summary>One kind that the verification of ModelVersions needs, found by the ModelVersion that its label names.</summary>
internal sealed class VerifyingStore<T>
    where T : class, IKubeObject<T>
{
    readonly StoreIndex<T> byVersion;

    public VerifyingStore(InformerSet informers)
    {
        Informer = informers.Of<T>();
        byVersion = Informer.Store.AddIndex(static item => VersionOf(item) is { } key ? [key.ToString()] : []);
    }

    public Informer<T> Informer { get; }

    public IReadOnlyList<T> Of(ObjectKey version) => byVersion[version.ToString()];

    /// <summary>The ModelVersion that an object's label names.</summary>
    public static ObjectKey? VersionOf(T item) =>
        item.Metadata.Label(Labels.Version) is { } name ? new ObjectKey(item.Metadata.Namespace ?? "", name) : null;
}
