using System.Globalization;
using Sluice.Contract.Metrics;

namespace Sluice.Runtime.Metrics;

/// <summary>The series of one version of a model, looked up once.</summary>
internal sealed class ModelMetrics
{
    private readonly TimeProvider time;
    private readonly bool enabled;
    private readonly Histogram inference;
    private readonly Histogram queue;
    private readonly Gauge inFlight;
    private long joined;

    public ModelMetrics(
        TimeProvider time, bool enabled, Histogram inference, Histogram queue, Gauge inFlight, Func<string, ProtocolMetrics> protocol)
    {
        this.enabled = enabled;
        (this.time, this.inference, this.queue, this.inFlight) = (time, inference, queue, inFlight);
        (V1, V2, Grpc, Simple) = (protocol("v1"), protocol("v2"), protocol("grpc"), protocol("simple"));
    }

    public ProtocolMetrics V1 { get; }

    public ProtocolMetrics V2 { get; }

    public ProtocolMetrics Grpc { get; }

    /// <summary>Calls that people write by hand: /predict.</summary>
    public ProtocolMetrics Simple { get; }

    public long Now() => time.GetTimestamp();

    public void Begin()
    {
        if (enabled)
            inFlight.Add(1);
    }

    public void End()
    {
        if (enabled)
            inFlight.Add(-1);
    }

    public ModelStatistics Statistics()
    {
        Accumulated success = default, failure = default;
        foreach (var protocol in (ReadOnlySpan<ProtocolMetrics>)[V1, V2, Grpc, Simple])
        {
            success += protocol.Success.Value;
            failure += protocol.Failure.Value;
        }
        var ran = Accumulated.Of(inference);
        return new ModelStatistics(success, failure, Accumulated.Of(queue), ran, ran.Count - Volatile.Read(ref joined));
    }

    /// <param name="calls">That were run together with another, and so had no run of their own.</param>
    public void Joined(int calls)
    {
        if (enabled)
            Interlocked.Add(ref joined, calls);
    }

    /// <param name="arrived">When the call asked for a turn.</param>
    /// <param name="started">When it got it.</param>
    /// <param name="ended">When it had run.</param>
    /// <returns>Seconds that the model ran.</returns>
    public double Ran(long arrived, long started, long ended)
    {
        var took = time.GetElapsedTime(started, ended).TotalSeconds;
        if (enabled)
        {
            queue.Observe(time.GetElapsedTime(arrived, started).TotalSeconds);
            inference.Observe(took);
        }
        return took;
    }
}

/// <summary>Requests of one protocol to one version of a model.</summary>
internal sealed class ProtocolMetrics(TimeProvider time, bool enabled, Histogram duration, Func<string, Counter> counter)
{
    private const int Codes = 600;

    private readonly Counter?[] byCode = new Counter?[Codes];

    public Accumulator Success { get; } = new();

    public Accumulator Failure { get; } = new();

    /// <param name="code">An HTTP status code, or a gRPC status below 17.</param>
    /// <param name="began">Timestamp of the request's beginning.</param>
    public void Answered(int code, long began)
    {
        if (!enabled)
            return;
        var took = time.GetElapsedTime(began);
        duration.Observe(took.TotalSeconds);
        (code is 0 or (>= 200 and < 300) ? Success : Failure).Add(took);
        var known = (uint)code < Codes ? code : 0;
        (byCode[known] ??= counter(known.ToString(CultureInfo.InvariantCulture))).Increment();
    }
}
