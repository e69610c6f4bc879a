using System.Text;
using System.Threading.Channels;
using Sluice.Monitoring.Feedback;

namespace Sluice.Runtime.Payloads;

/// <summary>
/// Events on their way to a sink. Its bound is its promise to users' requests: offering never waits, what does not fit is
/// dropped and counted, and a sink that hangs holds up nothing but the log.
/// </summary>
internal sealed class PayloadLog : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Channel<PayloadEvent> waiting = Channel.CreateUnbounded<PayloadEvent>();
    private readonly IPayloadSink sink;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stop = new();
    private readonly Task sending;
    private readonly ILogger logger;
    private long held;
    private long told;

    public PayloadLog(PayloadSettings settings, IPayloadSink sink, PayloadBooks books, TimeProvider time, ILogger logger)
    {
        (Settings, this.sink, Books, this.time, this.logger) = (settings, sink, books, time, logger);
        sending = Task.WhenAll(Enumerable.Range(0, sink.Senders).Select(_ => Task.Run(SendAllAsync)));
    }

    public PayloadSettings Settings { get; }

    public PayloadBooks Books { get; }

    public DateTimeOffset Now => time.GetUtcNow();

    public static IPayloadSink SinkFor(PayloadSettings settings) =>
        settings.Sink is { } url ? new HttpSink(url) : new LineSink(settings.File);

    /// <summary>Whether this request is drawn; the same everywhere for one id.</summary>
    public bool IsDrawn(string id)
    {
        Span<byte> ascii = stackalloc byte[256];
        return Identity.Of(ascii[..Encoding.ASCII.GetBytes(id, ascii)]) % 100 < (ulong)Settings.SamplePercent;
    }

    /// <summary>Takes the event, or drops it; returns at once.</summary>
    public void Offer(PayloadEvent of)
    {
        Books.Eligible.Increment();
        if (Interlocked.Add(ref held, of.Bytes) <= Settings.QueueBytes)
        {
            Books.Queued.Add(1);
            Books.QueuedBytes.Add(of.Bytes);
            if (waiting.Writer.TryWrite(of))
                return;
            Books.Queued.Add(-1);
            Books.QueuedBytes.Add(-of.Bytes);
        }
        Interlocked.Add(ref held, -of.Bytes);
        Books.Dropped.Increment();
    }

    /// <summary>Counts an event that must not be logged because what it may not hold could not be taken out.</summary>
    public void Withhold()
    {
        Books.Eligible.Increment();
        Books.Dropped.Increment();
    }

    /// <summary>Takes no more events, and sends what is queued as long as there is time.</summary>
    public async Task FlushAsync()
    {
        waiting.Writer.TryComplete();
        using var late = new CancellationTokenSource(Settings.FlushTimeout, time);
        await using var giveUp = late.Token.UnsafeRegister(static log => ((PayloadLog)log!).stop.Cancel(), this);
        await sending;
        while (waiting.Reader.TryRead(out var left))
            Settle([left], Books.Dropped);
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await stop.CancelAsync();
        await sending;
        await sink.DisposeAsync();
        stop.Dispose();
    }

    private async Task SendAllAsync()
    {
        var batch = new List<PayloadEvent>();
        try
        {
            while (await waiting.Reader.WaitToReadAsync(stop.Token))
            {
                while (batch.Count < Settings.Batch && waiting.Reader.TryRead(out var next))
                    batch.Add(next);
                if (batch.Count == 0)
                    continue;
                Settle(batch, await DeliverAsync(batch) ? Books.Sent : Books.Failed);
                batch.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped while waiting for more, or while handing over what is then lost.
            Settle(batch, Books.Dropped);
        }
    }

    private async Task<bool> DeliverAsync(List<PayloadEvent> batch)
    {
        var wait = Settings.Backoff;
        for (var attempt = 1; ; attempt++)
        {
            var delivery = await AttemptAsync(batch);
            if (delivery == Delivery.Done)
                return true;
            if (delivery == Delivery.Refused || attempt >= Settings.Attempts)
            {
                Tell(delivery);
                return false;
            }
            await Task.Delay(wait, time, stop.Token);
            wait *= 2;
        }
    }

    /// <summary>Once a minute: a sink that is gone fails with every request.</summary>
    private void Tell(Delivery delivery)
    {
        var now = time.GetTimestamp();
        var last = Volatile.Read(ref told);
        if (last != 0 && time.GetElapsedTime(last, now) < Quiet)
            return;
        if (Interlocked.CompareExchange(ref told, now, last) == last)
            Log.PayloadsLost(logger, Settings.Sink?.ToString() ?? Settings.File ?? "standard output", delivery == Delivery.Refused ? "refused them" : "did not take them", Books.Failed.Value);
    }

    private async Task<Delivery> AttemptAsync(List<PayloadEvent> batch)
    {
        using var late = new CancellationTokenSource(Settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop.Token);
        try
        {
            return await sink.SendAsync(batch, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Delivery.Failed;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A fault of ours costs these events; the sender goes on, and the books with it.
            Log.PayloadsNotSent(logger, e);
            return Delivery.Refused;
        }
    }

    private void Settle(List<PayloadEvent> events, Contract.Metrics.Counter outcome)
    {
        foreach (var of in events)
        {
            outcome.Increment();
            Interlocked.Add(ref held, -of.Bytes);
            Books.QueuedBytes.Add(-of.Bytes);
            Books.Queued.Add(-1);
        }
    }
}
