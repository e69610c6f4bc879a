using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Sluice.Operator.Evidence;

/// <summary>
/// Asks Prometheus for single numbers by its HTTP API (prometheus.io/docs/prometheus/latest/querying/api). What is no
/// single number, or no answer, is nothing.
/// </summary>
internal sealed class PrometheusQueries : IDisposable
{
    const long LongestAnswer = 1 << 20;

    /// <summary>Prometheus itself scrapes no oftener.</summary>
    static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<string, (DateTimeOffset At, double? Value)> known = new();
    readonly Uri address;
    readonly TimeProvider time;

    readonly HttpClient client = new(new SocketsHttpHandler { UseCookies = false, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1) })
    {
        MaxResponseContentBufferSize = LongestAnswer,
    };

    /// <param name="address">Such as http://prometheus.monitoring:9090, also with a path.</param>
    public PrometheusQueries(Uri address, TimeProvider time) =>
        (this.address, this.time) = (new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), time);

    public async Task<ImmutableDictionary<string, double>> AskAsync(IEnumerable<(string Gate, string Query)> queries, CancellationToken cancel)
    {
        var values = ImmutableDictionary.CreateBuilder<string, double>();
        foreach (var (gate, query) in queries)
        {
            if (await ValueAsync(query, cancel) is { } value)
                values[gate] = value;
        }

        return values.ToImmutable();
    }

    public void Dispose() => client.Dispose();

    async Task<double?> ValueAsync(string query, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (known.TryGetValue(query, out var last) && now - last.At < Period)
            return last.Value;
        foreach (var old in known.Where(k => now - k.Value.At > 10 * Period))
            known.TryRemove(old);
        var value = await FetchAsync(query, cancel);
        known[query] = (now, value);
        return value;
    }

    async Task<double?> FetchAsync(string query, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            using var answer = await client.GetAsync(new Uri(address, "api/v1/query?query=" + Uri.EscapeDataString(query)), either.Token);
            return answer.IsSuccessStatusCode ? Number(await answer.Content.ReadAsByteArrayAsync(either.Token)) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>A scalar, or a vector of one element.</summary>
    internal static double? Number(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            var data = document.RootElement.GetProperty("data");
            var result = data.GetProperty("result");
            var value = data.GetProperty("resultType").GetString() switch
            {
                "scalar" => result,
                "vector" when result.GetArrayLength() == 1 => result[0].GetProperty("value"),
                _ => default,
            };
            return value.ValueKind == JsonValueKind.Array && double.TryParse(value[1].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number) ? number : null;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
