using System.Globalization;
using System.Net;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Election;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Tests.Fakes;

internal enum LeaseFault
{
    None,

    /// <summary>The call does not get through.</summary>
    Refused,

    /// <summary>The call is carried out and its answer is lost.</summary>
    LostAnswer,

    /// <summary>The call is carried out and its answer never comes.</summary>
    NoAnswer,

    /// <summary>Nothing happens until the caller gives up; then the call is carried out after all.</summary>
    Late,
}

/// <summary>One Lease with optimistic concurrency, and a network that tests break.</summary>
internal sealed class LeaseStore
{
    private readonly Lock _gate = new();
    private int _version;

    public Lease? Lease { get; private set; }

    public string Holder
    {
        get { lock (_gate) return Lease?.Spec?.HolderIdentity ?? ""; }
    }

    public int Writes
    {
        get { lock (_gate) return _version; }
    }

    public Lease? Read()
    {
        lock (_gate) return Lease;
    }

    public Lease Write(Lease lease, bool create)
    {
        lock (_gate)
        {
            if (create != (Lease is null))
                throw Refuse(create ? HttpStatusCode.Conflict : HttpStatusCode.NotFound, create ? "AlreadyExists" : "NotFound");
            if (!create && lease.Metadata.ResourceVersion != Lease!.Metadata.ResourceVersion)
                throw Refuse(HttpStatusCode.Conflict, "Conflict");
            _version++;
            return Lease = lease with
            {
                Metadata = lease.Metadata with { Uid = "u", ResourceVersion = _version.ToString(CultureInfo.InvariantCulture) },
            };
        }
    }

    public void Delete()
    {
        lock (_gate) Lease = null;
    }

    private static KubeApiException Refuse(HttpStatusCode code, string reason) => new(code, new Status { Reason = reason }, null, "fake");
}

/// <summary>One process's way to the store.</summary>
internal sealed class FakeLeases(LeaseStore store) : ILeases
{
    /// <summary>Asked before every call.</summary>
    public Func<string, LeaseFault> Fault { get; set; } = static _ => LeaseFault.None;

    public int Calls => Volatile.Read(ref _calls);

    private int _calls;

    public Task<Lease?> FindAsync(ObjectKey key, CancellationToken cancel) => CallAsync("find", store.Read, cancel);

    public Task<Lease> CreateAsync(Lease lease, CancellationToken cancel) => CallAsync("create", () => store.Write(lease, create: true), cancel);

    public Task<Lease> UpdateAsync(Lease lease, CancellationToken cancel) => CallAsync("update", () => store.Write(lease, create: false), cancel);

    private async Task<T> CallAsync<T>(string verb, Func<T> call, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _calls);
        switch (Fault(verb))
        {
            case LeaseFault.Refused:
                throw new HttpRequestException("connection refused");
            case LeaseFault.LostAnswer:
                call();
                throw new HttpRequestException("connection reset");
            case LeaseFault.NoAnswer:
                call();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                break;
            case LeaseFault.Late:
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                }
                catch (OperationCanceledException)
                {
                    // It was on its way all the time.
                    try
                    {
                        call();
                    }
                    catch (KubeApiException)
                    {
                        // Somebody else was faster; the answer reaches nobody.
                    }

                    throw;
                }

                break;
        }

        return call();
    }
}
