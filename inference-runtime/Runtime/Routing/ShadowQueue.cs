using System.Threading.Channels;
using Sluice.Contract;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Routing.Evidence;

namespace Sluice.Runtime.Routing;

/// <summary>
/// Copies on their way to the shadow. Its bounds are its promise to the users' requests: what does not fit is dropped
/// and counted, and a slow shadow slows nothing but its copies.
/// </summary>
internal sealed class ShadowQueue : IAsyncDisposable
{
    private const int Senders = 16;

    /// <summary>For the shadow's answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(SplitShare.DefaultTimeoutMilliseconds);

    private readonly Channel<ShadowCopy> waiting;
    private readonly long longest;
    private readonly Draws draws = new(Choice.RandomSeed(), Draws.RootOfTwo);
    private readonly Draws floorDraws = new(Choice.RandomSeed(), Draws.Golden);
    private readonly RoutingMetrics metrics;
    private readonly Forwarder forwarder;
    private readonly CancellationTokenSource stopping = new();
    private Task sending = Task.CompletedTask;
    private long held;

    /// <param name="items">Copies that may wait.</param>
    /// <param name="bytes">Memory that copies may hold, the ones being sent included.</param>
    public ShadowQueue(RoutingMetrics metrics, Forwarder forwarder, int items = 1000, long bytes = 64 << 20)
    {
        (this.metrics, this.forwarder, longest) = (metrics, forwarder, bytes);
        waiting = Channel.CreateBounded<ShadowCopy>(items);
    }

    /// <summary>Gets each copy with the shadow's answer, off the request path; from several threads.</summary>
    public Action<ShadowPair>? Compare { get; set; }

    /// <summary>Bytes held now.</summary>
    public long Held => Volatile.Read(ref held);

    public bool IsDrawn(ShadowTarget target) => draws.Next() < target.Buckets;

    /// <summary>Offers a copy for the shadow, and of a share of them another one for a pod of this pod's own revision.</summary>
    /// <param name="own">This pod's revision.</param>
    /// <param name="make">From the revision that is asked, and whether that is the shadow.</param>
    public void Offer(ShadowTarget target, string own, long bytes, Func<string, bool, ShadowCopy> make)
    {
        Offer(target.Revision, bytes, () => make(target.Revision, true));
        if (floorDraws.Next() < target.FloorBuckets)
            Offer(own, bytes, () => make(own, false));
    }

    public void Start() => sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAllAsync()));

    /// <summary>Takes the copy, or drops it; returns at once.</summary>
    /// <param name="bytes">What the copy will hold; it is not made when there is no room.</param>
    public void Offer(string revision, long bytes, Func<ShadowCopy> make)
    {
        if (Interlocked.Add(ref held, bytes) <= longest)
        {
            var copy = make();
            if (waiting.Writer.TryWrite(copy))
                return;
            copy.Request.Dispose();
        }
        Interlocked.Add(ref held, -bytes);
        metrics.Evidence.Of(revision).Drop();
        Count(revision, ShadowOutcomes.Dropped);
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.Complete();
        await stopping.CancelAsync();
        await sending;
        stopping.Dispose();
    }

    private async Task SendAllAsync()
    {
        await foreach (var copy in waiting.Reader.ReadAllAsync())
        {
            await SendAsync(copy);
            Interlocked.Add(ref held, -copy.Bytes);
        }
    }

    private async Task SendAsync(ShadowCopy copy)
    {
        var began = metrics.Time.GetTimestamp();
        var passed = await forwarder.CopyAsync(copy.Request, Patience, stopping.Token);
        var took = metrics.Time.GetElapsedTime(began).TotalSeconds;
        var copied = metrics.Evidence.Of(copy.Revision).Copied;
        if (passed.Response is not { } response)
        {
            copied.Count(passed.Outcome, took, hasNotFinite: false);
            Count(copy.Revision, ShadowOutcomes.Failed);
            return;
        }
        // What is compared may be large, and nobody waits for it.
        await EventThread.Leave();
        using (response)
        {
            var status = copy.StatusOf(response);
            copied.Count(PairComparison.OutcomeOfCopy(copy, status), took, passed.HasNotFinite);
            if (passed.HasNotFinite)
                metrics.NotFinite.With(copy.Revision, RouteRoles.Copy).Increment();
            Count(copy.Revision, ShadowOutcomes.Sent);
            metrics.ShadowStatus.With(copy.Revision, status == copy.Status ? ShadowResults.Equal : ShadowResults.Unequal).Increment();
            Compare?.Invoke(new ShadowPair(copy, status, passed.Body, took));
        }
    }

    private void Count(string revision, string outcome) => metrics.Shadows.With(revision, outcome).Increment();
}
