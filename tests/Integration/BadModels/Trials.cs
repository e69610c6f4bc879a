using Microsoft.AspNetCore.Http;
using Sluice.Integration.World;
using Sluice.Support.Http;

namespace Sluice.Integration.BadModels;

/// <summary>All trials, some of them at a time: each waits more than it works.</summary>
public sealed class Trials(Cluster cluster) : IAsyncLifetime
{
    const int AtATime = 3;

    readonly SemaphoreSlim _places = new(AtATime);
    readonly Dictionary<string, Task<TrialResult>> _running = [];
    LoopbackServer? _storage;

    public async Task InitializeAsync()
    {
        if (TestEnvironment.Kind == ClusterKind.ApiServerAlone)
            return;
        _storage = await LoopbackServer.StartAsync(AnswerAsync);
        foreach (var model in BadModelList.All)
            _running.Add(model.Name, RunAsync(model));
    }

    internal Task<TrialResult> OfAsync(string name) => _running[name];

    /// <summary>Of the storage: the model's files.</summary>
    internal static string FolderOf(BadModel model) => Uri.EscapeDataString(model.Name.Replace(' ', '-').Replace("%", "percent", StringComparison.Ordinal));

    public async Task DisposeAsync()
    {
        // Those that nobody asked for may still be under way.
        await Task.WhenAll(_running.Values.Select(static t => t.ContinueWith(static _ => { }, TaskScheduler.Default)));
        if (_storage is not null)
            await _storage.DisposeAsync();
        _places.Dispose();
    }

    async Task<TrialResult> RunAsync(BadModel model)
    {
        await _places.WaitAsync();
        try
        {
            return await Trial.RunAsync(cluster, _storage!, model);
        }
        finally
        {
            _places.Release();
        }
    }

    async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Trim('/').Split('/');
        if (path is not [var folder, "good" or "bad", "model.onnx"] || BadModelList.All.FirstOrDefault(m => FolderOf(m) == folder) is not { } model)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var bytes = path[1] == "good" ? model.Stable : model.Artifact;
        context.Response.ContentLength = bytes.Length;
        if (path[1] == "good" || !model.Stalls)
        {
            await context.Response.Body.WriteAsync(bytes);
            return;
        }

        await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await context.Response.Body.FlushAsync();
        await context.HangAsync(_storage!.Closing);
    }
}
