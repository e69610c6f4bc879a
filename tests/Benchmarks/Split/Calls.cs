using System.Net;

namespace Sluice.Benchmarks.Split;

/// <summary>
/// Callers in this process, for what the generators do not tell: quantiles of calls at a rate that leaves the servers
/// room, and of gRPC. What the callers themselves take is in every figure alike.
/// </summary>
internal static class Calls
{
    /// <summary>One after the other over one connection.</summary>
    /// <returns>Microseconds of each, sorted.</returns>
    public static async Task<double[]> OneByOneAsync(HttpMessageInvoker client, Func<HttpRequestMessage> request, TimeSpan duration)
    {
        var times = new List<double>();
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < duration)
            times.Add(await TimeAsync(client, request()));
        times.Sort();
        return [.. times];
    }

    /// <summary>Several callers, each of which rests between its calls.</summary>
    /// <inheritdoc cref="OneByOneAsync"/>
    public static async Task<double[]> RestingAsync(
        HttpMessageInvoker client, Func<HttpRequestMessage> request, int callers, TimeSpan rest, TimeSpan duration)
    {
        var began = TimeProvider.System.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            var times = new List<double>();
            using var ticks = new PeriodicTimer(rest, TimeProvider.System);
            while (TimeProvider.System.GetElapsedTime(began) < duration && await ticks.WaitForNextTickAsync())
                times.Add(await TimeAsync(client, request()));
            return times;
        }));
        return [.. all.SelectMany(t => t).Order()];
    }

    public static double At(this double[] sorted, double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];

    private static async Task<double> TimeAsync(HttpMessageInvoker client, HttpRequestMessage request)
    {
        using var owned = request;
        var began = TimeProvider.System.GetTimestamp();
        using var response = await client.SendAsync(request, CancellationToken.None);
        await response.Content.LoadIntoBufferAsync();
        var took = TimeProvider.System.GetElapsedTime(began).TotalMicroseconds;
        if (response.StatusCode != HttpStatusCode.OK || !IsGood(response))
            throw new InvalidOperationException($"{request.RequestUri} answered {(int)response.StatusCode}, {response.TrailingHeaders}");
        return took;
    }

    private static bool IsGood(HttpResponseMessage response) =>
        !response.TrailingHeaders.TryGetValues("grpc-status", out var status) || status.Single() == "0";
}
