using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Election;

/// <summary>
/// What we know of the lease and since when it has been so, by our own monotonic clock. The holder's clock is never
/// looked at: a lease counts as abandoned when we have not seen it change for its duration.
/// </summary>
internal sealed class ElectionRecord(string identity, TimeSpan duration, TimeProvider time)
{
    private long _changed;

    public Lease? Lease { get; private set; }

    public string Holder => Lease?.Spec?.HolderIdentity ?? "";

    public bool IsOurs => Holder == identity;

    /// <summary>Nobody holds it, or whoever does has not renewed it for as long as it is good.</summary>
    public bool IsFree => Holder.Length == 0 || time.GetElapsedTime(_changed) >= Duration;

    private TimeSpan Duration => Lease?.Spec?.LeaseDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : duration;

    public void Observe(Lease lease)
    {
        if (Lease?.Metadata.ResourceVersion != lease.Metadata.ResourceVersion || Lease?.Metadata.Uid != lease.Metadata.Uid)
            _changed = time.GetTimestamp();
        Lease = lease;
    }

    public void Forget() => Lease = null;

    /// <summary>The lease with us as the holder, from now on.</summary>
    public Lease Claim(ObjectKey key)
    {
        var now = time.GetUtcNow();
        var old = Lease?.Spec;
        return new Lease
        {
            Metadata = Lease?.Metadata ?? new ObjectMeta { Namespace = key.Namespace, Name = key.Name },
            Spec = (old ?? new LeaseSpec()) with
            {
                HolderIdentity = identity,
                LeaseDurationSeconds = (int)Math.Ceiling(duration.TotalSeconds),
                AcquireTime = IsOurs ? old!.AcquireTime : now,
                RenewTime = now,
                LeaseTransitions = old is null ? 0 : (old.LeaseTransitions ?? 0) + (IsOurs ? 0 : 1),
            },
        };
    }

    /// <summary>The lease with nobody as the holder; one second, so that clients that look at it do not wait.</summary>
    public Lease Release() => Lease! with
    {
        Spec = Lease.Spec! with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = time.GetUtcNow() },
    };
}
