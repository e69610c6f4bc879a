using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Informers;

/// <summary>One informer per kind, shared by everyone who asks. Ask before <see cref="RunAsync"/>.</summary>
public sealed class InformerSet(KubeClient client, InformerOptions options)
{
    private readonly Dictionary<Type, IInformer> _informers = [];
    private bool _running;

    public IReadOnlyCollection<IInformer> All => _informers.Values;

    public bool IsSynced => _informers.Values.All(static i => i.Synced.IsCompletedSuccessfully);

    /// <exception cref="InvalidOperationException">The set is running already and this kind is not in it.</exception>
    public Informer<T> Of<T>()
        where T : class, IKubeObject<T>
    {
        if (_informers.TryGetValue(typeof(T), out var known))
            return (Informer<T>)known;
        if (_running)
            throw new InvalidOperationException($"The informer of {T.Kind} must be asked for before the set runs.");
        var informer = new Informer<T>(client, options);
        _informers.Add(typeof(T), informer);
        return informer;
    }

    /// <summary>Runs all of them until cancelled.</summary>
    public Task RunAsync(CancellationToken cancel)
    {
        _running = true;
        return Task.WhenAll(_informers.Values.Select(i => i.RunAsync(cancel)));
    }
}
