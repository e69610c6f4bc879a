using System.Net;
using System.Text;
using Sluice.Contract;
using Sluice.Contract.Metrics;
using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Traffic;

/// <summary>What a pod says at a path of its admin port; null when it does not say it in time.</summary>
internal delegate Task<string?> Scrape(Pod pod, string path, CancellationToken cancel);

/// <summary>Asks pods at their own address, and not through the API server: that is faster, and needs no further right.</summary>
internal sealed class PodScraper : IDisposable
{
    const long LongestAnswer = 8 << 20;

    /// <summary>A pod that needs longer is told apart by nothing from one that is gone.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    readonly TimeProvider time;

    readonly HttpClient client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    })
    {
        MaxResponseContentBufferSize = LongestAnswer,
    };

    readonly Counter answered;
    readonly Counter failed;

    public PodScraper(TimeProvider time, CounterFamily reads) =>
        (this.time, answered, failed) = (time, reads.With("answered"), reads.With("failed"));

    public async Task<string?> ReadAsync(Pod pod, string path, CancellationToken cancel)
    {
        var said = await AskAsync(pod, path, cancel);
        (said is null ? failed : answered).Increment();
        return said;
    }

    async Task<string?> AskAsync(Pod pod, string path, CancellationToken cancel)
    {
        if (!IPAddress.TryParse(pod.Status?.PodIP, out var address))
            return null;
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://{new IPEndPoint(address, Ports.Admin)}{path}"), either.Token);
            return answer.IsSuccessStatusCode ? Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(either.Token)) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => client.Dispose();
}
