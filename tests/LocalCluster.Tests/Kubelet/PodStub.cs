using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet;
using Sluice.LocalCluster.Kubelet.Containers;
using Sluice.LocalCluster.Kubelet.Logs;
using Sluice.LocalCluster.Kubelet.Pods;
using Sluice.LocalCluster.Kubelet.Probes;
using Sluice.LocalCluster.Kubelet.Processes;
using Sluice.LocalCluster.Kubelet.Usage;
using Sluice.Support;

namespace Sluice.LocalCluster.Tests.Kubelet;

/// <summary>
/// One pod on a real worker with real processes. The server behind it serves the objects it is given, keeps the status
/// that the worker patches, and notes the deletion; it imitates no other semantics.
/// </summary>
internal sealed class PodStub : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly ProcessGuard _guard = new();
    private readonly ProbeCheck _probes;
    private readonly KubeClient _client;
    private readonly Lock _lock = new();
    private readonly JsonObject _status = [];
    private PodWorker? _worker;
    private Task _run = Task.CompletedTask;

    private PodStub(WebApplication server, TempFolder folder)
    {
        (_server, Folder) = (server, folder);
        _client = new KubeClient(new KubeConfig { Server = new Uri(server.Urls.First()) });
        _probes = new ProbeCheck(_guard, TimeProvider.System);
    }

    internal TempFolder Folder { get; }

    internal ConcurrentDictionary<string, Dictionary<string, string>> ConfigMaps { get; } = new();

    internal ConcurrentQueue<string> Events { get; } = new();

    internal ResourceUsage Usage { get; } = new(TimeProvider.System);

    internal bool Deleted { get; private set; }

    internal Pod? Pod { get; private set; }

    internal PodStatus Status
    {
        get
        {
            lock (_lock)
                return _status.Deserialize(KubeJson.Default.PodStatus)!;
        }
    }

    private string StatusJson
    {
        get
        {
            lock (_lock)
                return _status.ToJsonString();
        }
    }

    internal ContainerStatus? Container(string name) => (Status.ContainerStatuses ?? [])
        .Concat(Status.InitContainerStatuses ?? []).FirstOrDefault(status => status.Name == name);

    internal static async Task<PodStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = builder.Build();
        PodStub? stub = null;
        server.Run(context => stub!.AnswerAsync(context));
        await server.StartAsync();
        return stub = new PodStub(server, new TempFolder());
    }

    /// <summary>Runs the pod with images <c>NAME</c> standing for shell scripts.</summary>
    internal void Run(PodSpec spec, params (string Image, string Script)[] images)
    {
        var programs = images.ToDictionary(i => i.Image, i => Folder.Script(i.Image, i.Script));
        Pod = new Pod
        {
            Metadata = new ObjectMeta
            {
                Name = "p", Namespace = "n", Uid = Guid.NewGuid().ToString(), Generation = 1,
                Labels = new Dictionary<string, string> { ["app"] = "x" },
            },
            Spec = spec with { NodeName = "local" },
        };
        var context = new KubeletContext
        {
            Client = _client,
            StateFolder = Folder,
            Images = new ImageMap(programs),
            Node = NodeInfo.Read(Folder),
            Time = TimeProvider.System,
            Addresses = new AddressPool(new Random(Environment.ProcessId)),
            Guard = _guard,
            Probes = _probes,
            Usage = Usage,
            Logs = new LogFiles(Folder),
            Services = () => [],
            Event = (_, type, reason, note) => Events.Enqueue($"{type} {reason}: {note}"),
            Log = NullLogger.Instance,
        };
        _worker = new PodWorker(context, Pod);
        _run = _worker.RunAsync(_stop.Token);
    }

    internal void Annotate(string name, string value)
    {
        Pod = Pod! with { Metadata = Pod.Metadata with { Annotations = new Dictionary<string, string> { [name] = value } } };
        _worker!.Post(new PodMessage.Changed(Pod));
    }

    /// <summary>What the API server does at a DELETE, and at the confirmation of the kubelet.</summary>
    internal async Task DeleteAsync(int grace)
    {
        Pod = Pod! with
        {
            Metadata = Pod.Metadata with
            {
                DeletionTimestamp = TimeProvider.System.GetUtcNow(), DeletionGracePeriodSeconds = grace,
            },
        };
        _worker!.Post(new PodMessage.Changed(Pod));
        await Eventually.TrueAsync(() => Deleted, "the kubelet confirms the deletion");
        _worker.Post(new PodMessage.Gone());
        await _run;
    }

    internal Task Until(Func<bool> condition, string what) => Eventually.TrueAsync(condition, () => $"{what}; now {StatusJson}");

    internal string Log(string container, int restart = 0)
    {
        var path = new LogFiles(Folder).Current(Pod!.Metadata.Uid!, container, restart);
        return File.Exists(path) ? string.Join('\n', File.ReadAllLines(path).Select(line => line[31..])) : "";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        await _guard.DisposeAsync();
        _probes.Dispose();
        _client.Dispose();
        await _server.DisposeAsync();
        Folder.Dispose();
        _stop.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.Contains("/configmaps/") && ConfigMaps.TryGetValue(Path.GetFileName(path), out var data))
        {
            await WriteAsync(context, new ConfigMap { Metadata = new ObjectMeta { Name = "m", Namespace = "n" }, Data = data });
        }
        else if (path.EndsWith("/pods/p/status", StringComparison.Ordinal))
        {
            var patch = await JsonNode.ParseAsync(context.Request.Body);
            lock (_lock)
                Merge(_status, patch!["status"]!.AsObject());
            await WriteAsync(context, Pod!);
        }
        else if (context.Request.Method == "DELETE")
        {
            Deleted = true;
            await WriteAsync(context, Pod!);
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

    private static async Task WriteAsync<T>(HttpContext context, T target)
        where T : class, IKubeObject<T>
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(target, T.JsonType));
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject inner && target[name] is JsonObject old)
                Merge(old, inner);
            else
                target[name] = value.DeepClone();
        }
    }
}
