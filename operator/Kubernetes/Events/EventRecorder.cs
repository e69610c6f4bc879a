using System.Threading.Channels;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Diagnostics;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Events;

/// <summary>
/// Tells people what happened, where <c>kubectl describe</c> shows it. Recording never waits and never fails: events
/// are sent in the background, the same event again only raises a count, and what cannot be sent is dropped.
/// </summary>
public sealed class EventRecorder
{
    private const int Pending = 1024;

    // Enough for a moment's trouble; an event is not worth more.
    private const int Attempts = 3;
    private static readonly Backoff Waits = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));

    private readonly EventRecorderOptions _options;
    private readonly EventSink _sink;
    private readonly Jitter _jitter;
    private readonly EventSeriesBook _book;
    private readonly Channel<Occurrence> _pending;

    public EventRecorder(KubeClient client, EventRecorderOptions options)
    {
        EventRecorderOptions.Validate(options);
        _options = options;
        _sink = new EventSink(client);
        _jitter = options.Jitter ?? Jitter.FromEntropy();
        _book = new EventSeriesBook(options.CountInterval, options.SeriesEnd, options.Time);
        _pending = Channel.CreateBounded<Occurrence>(
            new BoundedChannelOptions(Pending) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
            dropped => Lose(dropped, "too many events are waiting"));
    }

    /// <param name="regarding">What it happened to.</param>
    /// <param name="reason">One word in CamelCase, as in conditions.</param>
    /// <param name="action">What was being done, one word in CamelCase.</param>
    /// <param name="note">For people; cut at 1024 bytes.</param>
    public void Normal(IKubeObject regarding, string reason, string action, string note) =>
        Record(regarding, "Normal", reason, action, note);

    /// <inheritdoc cref="Normal"/>
    public void Warning(IKubeObject regarding, string reason, string action, string note) =>
        Record(regarding, "Warning", reason, action, note);

    /// <summary>Sends until cancelled, then what is left, for a moment. Never throws for want of a server.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await WaitAsync(cancel);
                await SendAllAsync(_book.TakeDue(), cancel);
            }
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            await FlushAsync();
        }
    }

    private void Record(IKubeObject regarding, string type, string reason, string action, string note) =>
        _pending.Writer.TryWrite(new Occurrence(
            ObjectReference.To(regarding), type, reason, action, EventText.Cut(note, EventText.MaxNote), _options.Time.GetUtcNow()));

    // Until there is something new, or a count that was held back is due.
    private async Task WaitAsync(CancellationToken cancel)
    {
        Drain();
        if (_book.NextDue() is not { } wait)
        {
            await _pending.Reader.WaitToReadAsync(cancel);
        }
        else if (wait > TimeSpan.Zero)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var arrival = _pending.Reader.WaitToReadAsync(either.Token).AsTask();
            await Task.WhenAny(arrival, Task.Delay(wait, _options.Time, either.Token));
            await either.CancelAsync();
            await arrival.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            cancel.ThrowIfCancellationRequested();
        }

        Drain();
    }

    private void Drain()
    {
        while (_pending.Reader.TryRead(out var occurrence))
            _book.Add(occurrence);
    }

    private async Task FlushAsync()
    {
        using var limit = new CancellationTokenSource(_options.FlushLimit, _options.Time);
        Drain();
        try
        {
            await SendAllAsync(_book.TakeAll(), limit.Token);
        }
        catch (Exception) when (limit.IsCancellationRequested)
        {
            // The process ends; the state that the events told of is in the objects' status.
        }
    }

    private async Task SendAllAsync(IReadOnlyList<EventEntry> entries, CancellationToken cancel)
    {
        foreach (var entry in entries)
            await SendAsync(entry, cancel);
    }

    private async Task SendAsync(EventEntry entry, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var result = await _sink.WriteAsync(entry, _options.Component, _options.Instance, cancel);
                Meters.Event(result);
                return;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                // A refusal will be repeated word for word; only trouble on the way is worth another try.
                if (attempt == Attempts || e is KubeApiException { IsThrottled: false, Code: < System.Net.HttpStatusCode.InternalServerError })
                {
                    Lose(entry.Latest, e.Message);
                    entry.Untold = 0;
                    return;
                }
            }

            await Task.Delay(Waits.Delay(attempt - 1, _jitter), _options.Time, cancel);
        }
    }

    private void Lose(Occurrence occurrence, string problem)
    {
        Meters.Event("lost");
        Log.EventLost(_options.Log, occurrence.Reason,
            new ObjectKey(occurrence.Regarding.Namespace ?? "", occurrence.Regarding.Name ?? ""), problem);
    }
}
