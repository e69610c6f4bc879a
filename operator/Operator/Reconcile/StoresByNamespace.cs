using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Reconcile;

/// <summary>The stores of every namespace that is watched, or one for all of them.</summary>
internal sealed class StoresByNamespace
{
    readonly Stores? everywhere;
    readonly Dictionary<string, Stores> some = [];

    /// <param name="namespaces">None for all.</param>
    /// <param name="make">Makes the stores of one namespace; null means all.</param>
    public StoresByNamespace(IReadOnlyCollection<string> namespaces, Func<string?, Stores> make)
    {
        if (namespaces.Count == 0)
            everywhere = make(null);
        foreach (var ns in namespaces.Distinct(StringComparer.Ordinal))
            some.Add(ns, make(ns));
    }

    public IReadOnlyCollection<Stores> All => everywhere is null ? some.Values : [everywhere];

    public IReadOnlyCollection<IInformer> Informers => [.. All.SelectMany(static s => s.Informers)];

    public Stores Of(ObjectKey key) => everywhere ?? some[key.Namespace];
}
