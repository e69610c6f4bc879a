using System.Globalization;
using System.Net;
using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Pods;

/// <summary>Which lines of a pod's log.</summary>
internal sealed record LogQuery(string Container, bool Follow, int? Tail, TimeSpan? Since, bool Previous)
{
    public override string ToString()
    {
        var text = $"?container={Container}";
        if (Follow)
            text += "&follow=true";
        if (Tail is { } lines)
            text += string.Create(CultureInfo.InvariantCulture, $"&tailLines={lines}");
        if (Since is { } span)
            text += string.Create(CultureInfo.InvariantCulture, $"&sinceSeconds={Math.Max((long)span.TotalSeconds, 1)}");
        return Previous ? text + "&previous=true" : text;
    }
}

/// <summary>One pod's log, line by line to the output that all pods share.</summary>
internal sealed class PodLog(Session session, string pod, string prefix, LogQuery query, SemaphoreSlim writing)
{
    /// <summary>False when the pod has no log to show, which is then said.</summary>
    public async Task<bool> PrintAsync()
    {
        var path = $"{Pod.Kind.ObjectPath(new ObjectKey(session.Namespace, pod))}/log{query}";
        using var answer = await session.Client.RawAsync(HttpMethod.Get, path, cancel: session.Cancel);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            await session.Terminal.Error.WriteLineAsync($"kubectl-sluice: logs of {pod}: {Message(await answer.Content.ReadAsStringAsync(session.Cancel), answer.StatusCode)}");
            return false;
        }

        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(session.Cancel));
        while (await reader.ReadLineAsync(session.Cancel) is { } line)
        {
            await writing.WaitAsync(session.Cancel);
            try
            {
                await session.Terminal.Out.WriteLineAsync($"{session.Palette.Faint(prefix)}{line}");
            }
            finally
            {
                writing.Release();
            }
        }

        return true;
    }

    static string Message(string body, HttpStatusCode code)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, KubeJson.Default.Status)?.Message is { Length: > 0 } message)
                return message;
        }
        catch (JsonException)
        {
            // Not the API's words: quoted as they are.
        }

        return body.Length > 0 ? body.Trim() : code.ToString();
    }
}
