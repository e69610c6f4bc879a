using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Events;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Queue;
using Sluice.Operator.Hosting;
using Sluice.Operator.Reconcile;

namespace Sluice.Operator.Tests.Faults;

/// <summary>The operator's controllers against an address, without the program around them.</summary>
internal sealed class RunningOperator : IAsyncDisposable
{
    readonly KubeClient client;
    readonly Controllers controllers;
    readonly CancellationTokenSource dying = new();
    readonly Task running;
    bool dead;

    public RunningOperator(Shop shop)
    {
        var time = TimeProvider.System;
        var jitter = new Jitter(new Random(1));
        client = new KubeClient(new KubeConfig { Server = shop.Api.Address }, new KubeClientOptions { Jitter = jitter, UserAgent = "sluice" });
        var stores = new StoresByNamespace([], ns => new Stores(client, new InformerOptions { Namespace = ns, Jitter = jitter }));
        var events = new EventRecorder(client, new EventRecorderOptions { Component = "sluice-operator", Instance = "test" });
        var options = new OperatorOptions
        {
            RuntimeImage = "sluice-runtime:test",
            Metrics = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0),
            LeaseNamespace = "x",
            Workers = 2,
        };
        controllers = new Controllers(client, stores, options, events, shop.ScrapeAsync, NullLoggerFactory.Instance, jitter, time);
        running = Task.WhenAll(
        [
            .. stores.All.Select(s => s.RunAsync(dying.Token)),
            events.RunAsync(dying.Token),
            controllers.RunAsync(dying.Token, dying.Token),
        ]);
    }

    /// <summary>At once, in the middle of whatever it does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (dead)
            return;
        dead = true;
        await dying.CancelAsync();
        await running.ContinueWith(static _ => { }, TaskScheduler.Default);
        controllers.Dispose();
        client.Dispose();
        dying.Dispose();
    }
}
