using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Election;

/// <summary>The three calls that an election makes.</summary>
internal interface ILeases
{
    /// <summary>Null when there is none.</summary>
    Task<Lease?> FindAsync(ObjectKey key, CancellationToken cancel);

    Task<Lease> CreateAsync(Lease lease, CancellationToken cancel);

    /// <summary>The resource version is the precondition.</summary>
    Task<Lease> UpdateAsync(Lease lease, CancellationToken cancel);
}

internal sealed class ApiLeases(KubeClient client) : ILeases
{
    public Task<Lease?> FindAsync(ObjectKey key, CancellationToken cancel) => client.FindAsync<Lease>(key, cancel);

    public Task<Lease> CreateAsync(Lease lease, CancellationToken cancel) => client.CreateAsync(lease, cancel: cancel);

    public Task<Lease> UpdateAsync(Lease lease, CancellationToken cancel) => client.UpdateAsync(lease, cancel: cancel);
}
