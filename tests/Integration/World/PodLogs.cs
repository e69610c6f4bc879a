using System.Collections.Concurrent;

namespace Sluice.Integration.World;

/// <summary>What pods write until they are gone: the log of a pod goes with it, and what it failed at with the log.</summary>
internal sealed class PodLogs(Space space)
{
    static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<string, Task<string>> _logs = new();

    /// <summary>From now on, until the pod ends.</summary>
    public void Follow(string pod)
    {
        if (!_logs.ContainsKey(pod))
            _logs[pod] = ReadAsync(pod, follow: true);
    }

    /// <summary>Those of the pods that were followed and have ended, and of these, which are there still.</summary>
    public async Task<string> TellAsync(IEnumerable<string> living)
    {
        var told = new List<string>();
        foreach (var (pod, log) in _logs)
            told.Add($"{pod}:\n{(await Task.WhenAny(log, Task.Delay(LastWords, TimeProvider.System)) == log ? await log : "does not end")}");
        foreach (var pod in living.Except(_logs.Keys))
            told.Add($"{pod}:\n{await ReadAsync(pod, follow: false)}");
        return string.Join('\n', told);
    }

    async Task<string> ReadAsync(string pod, bool follow)
    {
        try
        {
            return (await space.Api.AskAsync(HttpMethod.Get, $"{space.Path("pods", pod)}/log?container=runtime&follow={(follow ? "true" : "false")}")).Body;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return e.Message;
        }
    }
}
