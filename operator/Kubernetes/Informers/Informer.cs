using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Diagnostics;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Informers;

/// <summary>What a host needs of any informer.</summary>
public interface IInformer
{
    /// <summary>Plural and group, for messages.</summary>
    string Name { get; }

    /// <summary>Done when the first list has been delivered.</summary>
    Task Synced { get; }

    /// <summary>Why nothing is being received at present; null while all is well.</summary>
    string? Problem { get; }

    /// <summary>Lists and watches until cancelled; it does not end by itself, whatever the server does.</summary>
    Task RunAsync(CancellationToken cancel);
}

/// <summary>
/// Keeps a <see cref="Store{T}"/> equal to what the server has, and tells subscribers what changed.
/// <code>
/// phase     on                                       next      and
/// Empty     -                                        Listing   forget the pages read so far
/// Listing   a page with a continuation               Listing   keep the page
/// Listing   the last page                            Listed    swap the store, deliver, be synced
/// Listing   410                                      Empty     at once, and the next list in one piece
/// Listing   any other error                          Empty     after Retry-After or the backoff
/// Listed    -                                        Watching  watch from the last version
/// Watching  an object                                Watching  store, deliver, advance the version
/// Watching  an object that cannot be read            Watching  the same with key and error
/// Watching  a bookmark                               Watching  advance the version
/// Watching  the end                                  Listed    at once
/// Watching  the end, very soon and without an event  Listed    after the backoff
/// Watching  410, as an event or as a status          Empty     at once
/// Watching  429, 503                                 Listed    after Retry-After or the backoff
/// Watching  a line that is no event                  Empty     after the backoff
/// Watching  any other error, or silence              Listed    after the backoff
/// </code>
/// The version is never compared, only handed back.
/// </summary>
public sealed class Informer<T> : IInformer
    where T : class, IKubeObject<T>
{
    private readonly KubeClient _client;
    private readonly InformerOptions _options;
    private readonly Jitter _jitter;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _delivery = new();
    private readonly List<Action<Change<T>>> _subscribers = [];
    private readonly ListBuffer<T> _buffer = new();
    private readonly FailureCount _failures;
    private InformerPhase _phase = InformerPhase.Empty;
    private string _version = "";
    private WatchSession<T>? _watch;
    private volatile string? _problem = "it has not been started";

    public Informer(KubeClient client, InformerOptions? options = null)
    {
        _client = client;
        _options = options ?? new InformerOptions();
        _jitter = _options.Jitter ?? Jitter.FromEntropy();
        _failures = new FailureCount(_options.Time, _options.HealthyAfter);
    }

    public Store<T> Store { get; } = new();

    public string Name => T.Kind.ToString();

    public Task Synced => _synced.Task;

    public string? Problem => _problem;

    internal InformerPhase Phase => _phase;

    /// <summary>
    /// Calls <paramref name="handler"/> for every change, one at a time and in order; what is already known comes at
    /// once as additions. Handlers must be quick: they hold up the stream.
    /// </summary>
    public void Subscribe(Action<Change<T>> handler)
    {
        lock (_delivery)
        {
            _subscribers.Add(handler);
            foreach (var change in Store.AsAdditions())
                Call(handler, change);
        }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                try
                {
                    _phase = await StepAsync(cancel);
                }
                catch (Exception error) when (!cancel.IsCancellationRequested)
                {
                    await RecoverAsync(error, cancel);
                }
            }
        }
        finally
        {
            await CloseWatchAsync();
        }
    }

    private Task<InformerPhase> StepAsync(CancellationToken cancel) => _phase switch
    {
        InformerPhase.Empty => Task.FromResult(StartList()),
        InformerPhase.Listing => ListPageAsync(cancel),
        InformerPhase.Listed => Task.FromResult(StartWatch(cancel)),
        _ => ReadEventAsync(),
    };

    private InformerPhase StartList()
    {
        _buffer.Clear();
        Meters.Listed(Name);
        return InformerPhase.Listing;
    }

    private async Task<InformerPhase> ListPageAsync(CancellationToken cancel)
    {
        var page = await _client.ListAsync<T>(_options.Namespace, new ListOptions
        {
            LabelSelector = _options.LabelSelector,
            FieldSelector = _options.FieldSelector,
            Limit = _buffer.InOnePiece ? null : _options.PageSize,
            Continue = _buffer.Continue,
        }, cancel);
        _buffer.Add(page);
        if (_buffer.Continue is not null)
            return InformerPhase.Listing;
        _version = _buffer.ResourceVersion;
        WarnNameless(_buffer.Broken);
        lock (_delivery)
            Deliver(Store.Replace(_buffer.Items, [.. _buffer.Broken.Where(static b => b.Key.Name.Length > 0)]));
        _buffer.Clear();
        _buffer.InOnePiece = false;
        _problem = null;
        if (_synced.TrySetResult())
            Log.InformerSynced(_options.Log, Name, Store.Count);
        return InformerPhase.Listed;
    }

    private InformerPhase StartWatch(CancellationToken cancel)
    {
        var timeout = _jitter.Between(_options.MinWatch, _options.MaxWatch);
        var events = _client.WatchAsync<T>(_options.Namespace, new WatchOptions
        {
            LabelSelector = _options.LabelSelector,
            FieldSelector = _options.FieldSelector,
            ResourceVersion = _version,
            Timeout = timeout,
        }, cancel);
        _watch = new WatchSession<T>(events.GetAsyncEnumerator(cancel), _options.Time);
        return InformerPhase.Watching;
    }

    private async Task<InformerPhase> ReadEventAsync()
    {
        var watch = _watch!;
        if (await watch.NextAsync() is { } item)
        {
            _problem = null;
            Take(item);
            // Only now: an event that was not taken must come again.
            _version = item.ResourceVersion ?? _version;
            return InformerPhase.Watching;
        }

        await CloseWatchAsync();
        if (watch.Events == 0 && watch.Age < _options.VeryShortWatch)
            throw new VeryShortWatchException(Name);
        _problem = null;
        Meters.WatchRestarted(Name, "end");
        return InformerPhase.Listed;
    }

    private void Take(WatchEvent<T> item)
    {
        var key = item.Object?.Metadata.Key ?? item.Broken?.Key ?? default;
        if (item.Type == WatchEventType.Bookmark)
            return;
        if (string.IsNullOrEmpty(key.Name))
        {
            WarnNameless([item.Broken!]);
            return;
        }

        lock (_delivery)
        {
            Change<T>? change = item switch
            {
                { Type: WatchEventType.Deleted } => Store.Remove(key, item.Object),
                { Broken: { } broken } => Store.PutBroken(broken),
                _ => Store.Put(item.Object!),
            };
            if (change is { } happened)
                Deliver([happened]);
        }
    }

    private void Deliver(IReadOnlyList<Change<T>> changes)
    {
        foreach (var change in changes)
        {
            if (change.Broken is { } broken)
                Log.ObjectBroken(_options.Log, broken.Error);
            foreach (var subscriber in _subscribers)
                Call(subscriber, change);
        }
    }

    // One subscriber's mistake is not the others' loss.
    private void Call(Action<Change<T>> subscriber, Change<T> change)
    {
        try
        {
            subscriber(change);
        }
        catch (Exception e)
        {
            Log.SubscriberFailed(_options.Log, Name, change.Key, e);
        }
    }

    private async Task RecoverAsync(Exception error, CancellationToken cancel)
    {
        var failed = _phase;
        await CloseWatchAsync();
        var recovery = Recovery.From(failed, error);
        // A list whose continuation expired would expire again if it is as slow as before.
        _buffer.InOnePiece = failed == InformerPhase.Listing && recovery.Reason == "gone";
        if (failed != InformerPhase.Listing)
            Meters.WatchRestarted(Name, recovery.Reason);
        _phase = recovery.Next;
        if (recovery is { Reason: "gone", Wait: { } none } && none == TimeSpan.Zero && !_failures.IsRepeatedGone())
        {
            Log.InformerExpired(_options.Log, Name, failed);
            return;
        }

        _problem = Explain(failed, error);
        var wait = recovery.Wait > TimeSpan.Zero ? recovery.Wait.Value : _options.Backoff.Delay(_failures.Next(), _jitter);
        Log.InformerFailed(_options.Log, Name, _problem, wait);
        await Task.Delay(wait, _options.Time, cancel);
    }

    private string Explain(InformerPhase phase, Exception error)
    {
        var verb = phase == InformerPhase.Listing ? "list" : "watch";
        var where = _options.Namespace is null ? "in all namespaces" : $"in namespace {_options.Namespace}";
        return error switch
        {
            KubeApiException { IsForbidden: true } =>
                $"{error.Message}. Grant the verbs list and watch on {Name} {where} (a ClusterRole or Role); {verb} was refused.",
            KubeApiException { IsNotFound: true } =>
                $"{error.Message}. The server does not serve {Name} {T.Kind.ApiVersion}; apply its CRD if it is a custom resource.",
            _ => $"{verb} failed: {error.Message}",
        };
    }

    private void WarnNameless(IEnumerable<BrokenObject> broken)
    {
        foreach (var item in broken.Where(static b => b.Key.Name.Length == 0))
            Log.ObjectBroken(_options.Log, item.Error);
    }

    private async ValueTask CloseWatchAsync()
    {
        if (Interlocked.Exchange(ref _watch, null) is { } watch)
            await watch.CloseAsync();
    }
}
