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
    /// <summary>A batch that nobody asked for grows no larger than this and one event.</summary>
    private const long GatheredBytes = 128 << 10;

    private readonly int most;
    private readonly TimeSpan gathering;
    private long held;
    private bool full;
    private long told;

    public PayloadLog(PayloadSettings settings, IPayloadSink sink, PayloadBooks books, TimeProvider time, ILogger logger)
    {
        (Settings, this.sink, Books, this.time, this.logger) = (settings, sink, books, time, logger);
        most = settings.Batch > 1 ? settings.Batch : sink.Together;
        gathering = settings.Interval > TimeSpan.Zero ? settings.Interval : sink.Gathering;
        sending = Task.WhenAll(Enumerable.Range(0, sink.Senders).Select(_ => Task.Run(SendAllAsync)));
    }

    public PayloadSettings Settings { get; }

    public PayloadBooks Books { get; }

    public DateTimeOffset Now => time.GetUtcNow();

    public static IPayloadSink SinkFor(PayloadSettings settings, TimeProvider time) => settings switch
    {
        { Sink: { } url } => new HttpSink(url),
        // The host is called like the pod; the process tells programs on one host apart.
        { Folder: { } folder } => LineSink.ToFolder(new RotatingFiles(folder, $"{Environment.MachineName}-{Environment.ProcessId}", settings.FolderBytes, time)),
        { File: { } file } => LineSink.ToFile(file),
        _ => LineSink.ToOutput(),
    };

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
        Volatile.Write(ref full, true);
        Books.Dropped.Increment();
    }

    /// <summary>
    /// Whether an event found no room, and nothing has left since: what comes now need not be copied first. What is held
    /// leaves one day, and only then is there room again.
    /// </summary>
    public bool IsFull => Volatile.Read(ref full) && Volatile.Read(ref held) > 0;

    /// <summary>Counts events that were not made because there is no room for them.</summary>
    public void Drop(int events)
    {
        Books.Eligible.Add(events);
        Books.Dropped.Add(events);
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
                TakeWaiting(batch);
                if (batch.Count == 0)
                    continue;
                if (HasRoom(batch) && gathering > TimeSpan.Zero)
                    await FillAsync(batch);
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

    private void TakeWaiting(List<PayloadEvent> batch)
    {
        while (HasRoom(batch) && waiting.Reader.TryRead(out var next))
            batch.Add(next);
    }

    private bool HasRoom(List<PayloadEvent> batch) =>
        batch.Count < most && (Settings.Batch > 1 || batch.Sum(static e => e.Bytes) < GatheredBytes);

    /// <summary>Waits for more, but not long.</summary>
    private async Task FillAsync(List<PayloadEvent> batch)
    {
        using var late = new CancellationTokenSource(gathering, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop.Token);
        try
        {
            while (HasRoom(batch) && await waiting.Reader.WaitToReadAsync(either.Token))
                TakeWaiting(batch);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // They go as they are.
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
                Tell(delivery, batch.Count);
                return false;
            }
            await Task.Delay(wait, time, stop.Token);
            wait *= 2;
        }
    }

    /// <summary>Once a minute: a sink that is gone fails with every request.</summary>
    /// <param name="delivery">What happened.</param>
    /// <param name="lost">Events that are counted as failed after this.</param>
    private void Tell(Delivery delivery, int lost)
    {
        var now = time.GetTimestamp();
        var last = Volatile.Read(ref told);
        if (last != 0 && time.GetElapsedTime(last, now) < Quiet)
            return;
        if (Interlocked.CompareExchange(ref told, now, last) == last)
            Log.PayloadsLost(logger, Settings.Target, delivery == Delivery.Refused ? "refused them" : "did not take them", Books.Failed.Value + lost);
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
        Volatile.Write(ref full, false);
    }
}
