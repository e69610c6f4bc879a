using System.Collections.Concurrent;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;
using Sluice.Kubernetes.Tests.Fakes;
using Sluice.Support;
using Sluice.Support.Http;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Informers;

public sealed class InformerChaosTests
{
    public static IEnumerable<object[]> Seeds => Enumerable.Range(1, 12).Select(s => new object[] { s });

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_the_server_does_store_and_subscribers_end_up_with_what_it_has(int seed)
    {
        var random = new Random(seed);
        var chaos = new ChaosApi(new Random(seed * 7919));
        await using var server = await LoopbackServer.StartAsync();
        server.Handler = context => chaos.AnswerAsync(context, server.Closing);
        using var ending = new CancellationTokenSource();
        var time = new ManualTime();
        var clock = RunClockAsync(time, ending.Token);
        // Requests are repeated by the informer alone, on the fast clock.
        using var client = new KubeClient(new KubeConfig { Server = server.Address }, new KubeClientOptions { Time = time, RequestTimeout = TimeSpan.FromDays(1) });
        var informer = new Informer<ConfigMap>(client, new InformerOptions
        {
            Namespace = "ns",
            Time = time,
            Jitter = new Jitter(new Random(seed)),
            MinWatch = TimeSpan.FromDays(1),
            MaxWatch = TimeSpan.FromDays(2),
        });
        var view = new View();
        informer.Subscribe(view.Take);
        var running = informer.RunAsync(ending.Token);

        for (var i = 0; i < 250; i++)
        {
            chaos.Mutate();
            if (random.Next(3) == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(4)), TimeProvider.System);
        }

        chaos.Rage = false;
        chaos.Mutate();
        await Eventually.TrueAsync(() => Same(chaos.State, Stored(informer, chaos)), () => $"seed {seed}: the store to be as the server; {informer.Problem}");
        await Eventually.TrueAsync(() => Same(chaos.State, view.State), () => $"seed {seed}: subscribers to know what the server has");

        view.Contradictions.Should().BeEmpty();
        await ending.CancelAsync();
        await FluentActions.Awaiting(() => Eventually.WithinAsync(running, "the end")).Should().ThrowAsync<OperationCanceledException>();
        await clock;
    }

    /// <summary>The informer's patience, a hundred times as fast.</summary>
    private static async Task RunClockAsync(ManualTime time, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }
    }

    private static Dictionary<string, string?> Stored(Informer<ConfigMap> informer, ChaosApi chaos)
    {
        var stored = informer.Store.All.ToDictionary(m => m.Metadata.Name!, m => (string?)m.Data!["v"]);
        foreach (var name in chaos.State.Keys.Concat(stored.Keys).Distinct().ToList())
        {
            if (informer.Store.Broken(new ObjectKey("ns", name)) is not null)
                stored[name] = null;
        }

        return stored;
    }

    private static bool Same(IReadOnlyDictionary<string, string?> expected, IReadOnlyDictionary<string, string?> actual) =>
        expected.Count == actual.Count && expected.All(e => actual.TryGetValue(e.Key, out var value) && value == e.Value);

    /// <summary>What someone knows who only listens.</summary>
    private sealed class View
    {
        private readonly ConcurrentDictionary<string, string?> _state = new();
        private readonly ConcurrentDictionary<string, ConfigMap> _last = new();
        private readonly ConcurrentQueue<string> _contradictions = new();

        public IReadOnlyDictionary<string, string?> State => _state.ToDictionary(s => s.Key, s => s.Value);

        public IReadOnlyCollection<string> Contradictions => _contradictions;

        public void Take(Change<ConfigMap> change)
        {
            var name = change.Key.Name;
            var last = _last.GetValueOrDefault(name);
            if (change.New is not null && !ReferenceEquals(change.Old, last))
                _contradictions.Enqueue($"{name} was {last?.Metadata.ResourceVersion}, told as {change.Old?.Metadata.ResourceVersion}");
            if (change.New is not null)
                _last[name] = change.New;
            else
                _last.TryRemove(name, out _);
            if (change.Broken is not null)
                _state[name] = null;
            else if (change.New is not null)
                _state[name] = change.New.Data!["v"];
            else if (!_state.TryRemove(name, out _))
                _contradictions.Enqueue($"{name} went and was not there");
        }
    }
}
