using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Operations;
using Sluice.LocalCluster.Api.Resources.Core;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Kubelet.Logs;

namespace Sluice.LocalCluster.Api.Subresources;

/// <summary><c>pods/log</c>: what the kubelet wrote down of a container's output.</summary>
internal sealed class PodLogs(ApiState state)
{
    readonly LogFiles files = new(state.Folder);

    public async Task RunAsync(Call call)
    {
        if (call.Request.Method != "GET")
            throw ApiException.MethodNotAllowed();
        var pod = call.Kind.Objects.Find(StoredObject.KeyOf(call.Target.Namespace, call.Target.Name)) ?? throw call.NotFound();
        var container = ContainerOf(pod, call.Request.Query["container"].ToString());
        var run = RunOf(pod, container, call.Request.Query.Flag("previous"));
        var options = LogOptions.Of(call.Request.Query, state.Now);
        var source = new LogSource(files, pod.Uid, container, run);
        call.Context.Response.ContentType = "text/plain";
        var follow = call.Request.Query.Flag("follow");
        await using var reader = new LogReader(source, options, call.Context.Response.Body);
        await reader.CopyAsync(call.Stop);
        while (follow && !call.Stop.IsCancellationRequested)
        {
            // Asked before the last look at the file, so that nothing written before the end is missed.
            var running = IsRunning(call.Kind.Objects.Find(pod.Key), pod.Uid, container, run);
            await reader.CopyAsync(call.Stop);
            if (!running || reader.IsFull)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), state.Clock, call.Stop);
        }
    }

    static string ContainerOf(StoredObject pod, string asked)
    {
        var spec = pod.Value.Object("spec") ?? [];
        var all = PodDefaults.Containers(spec).Select(one => one.Text("name") ?? "").ToList();
        if (asked.Length > 0)
            return all.Contains(asked) ? asked : throw ApiException.BadRequest($"container {asked} is not valid for pod {pod.Name}");
        var ordinary = spec.Objects("containers").Select(one => one.Text("name") ?? "").ToList();
        if (ordinary.Count == 1 && all.Count == 1)
            return ordinary[0];
        var init = spec.Objects("initContainers").Select(one => one.Text("name") ?? "").ToList();
        if (ordinary.Count == 1)
            return ordinary[0];
        throw ApiException.BadRequest($"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', ordinary)}]" +
            (init.Count > 0 ? $" or one of the init containers: [{string.Join(' ', init)}]" : ""));
    }

    /// <summary>The number of the run whose output is asked for.</summary>
    int RunOf(StoredObject pod, string container, bool previous)
    {
        var status = StatusOf(pod.Value, container);
        var restarts = (int)(status.Integer("restartCount") ?? 0);
        if (previous)
        {
            return restarts > 0 && status.Object("lastState", "terminated") is not null
                ? restarts - 1
                : throw ApiException.BadRequest($"previous terminated container \"{container}\" in pod \"{pod.Name}\" not found");
        }

        if (status.Object("state", "running") is null && status.Object("state", "terminated") is null)
        {
            // Between two runs the last one is shown.
            if (status.Object("lastState", "terminated") is not null)
                return files.Existing(pod.Uid, container, restarts).Count > 0 ? restarts : Math.Max(0, restarts - 1);
            if (files.Existing(pod.Uid, container, restarts).Count == 0)
            {
                var reason = status.Text("state", "waiting", "reason") ?? "ContainerCreating";
                throw ApiException.BadRequest($"container \"{container}\" in pod \"{pod.Name}\" is waiting to start: {reason}");
            }
        }

        return restarts;
    }

    static bool IsRunning(StoredObject? pod, string uid, string container, int run)
    {
        if (pod is null || pod.Uid != uid)
            return false;
        var status = StatusOf(pod.Value, container);
        return (status.Integer("restartCount") ?? 0) == run && status.Object("state", "terminated") is null;
    }

    static JsonObject? StatusOf(JsonObject pod, string container) =>
        pod.Objects("status", "containerStatuses").Concat(pod.Objects("status", "initContainerStatuses"))
            .FirstOrDefault(one => one.Text("name") == container);
}

/// <summary>Which lines of a log are wanted, and how.</summary>
internal sealed record LogOptions(long? Tail, DateTimeOffset? Since, bool Timestamps, long? Limit)
{
    public static LogOptions Of(IQueryCollection query, DateTimeOffset now)
    {
        var tail = query.Number("tailLines");
        if (tail < 0)
            throw Invalid("tailLines", tail, "must be greater than or equal to 0");
        var limit = query.Number("limitBytes");
        if (limit < 1)
            throw Invalid("limitBytes", limit, "must be greater than 0");
        var seconds = query.Number("sinceSeconds");
        if (seconds < 1)
            throw Invalid("sinceSeconds", seconds, "must be greater than 0");
        var since = seconds is { } ago ? now.AddSeconds(-ago) : Scalars.ParseInstant(query["sinceTime"].ToString() is { Length: > 0 } time ? time : null);
        return new LogOptions(tail, since, query.Flag("timestamps"), limit);
    }

    static ApiException Invalid(string field, long? value, string why) => new(422, "Invalid",
        $"PodLogOptions \"\" is invalid: {field}: Invalid value: {value?.ToString(CultureInfo.InvariantCulture)}: {why}");
}
