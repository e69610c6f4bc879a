using System.Globalization;
using Sluice.Contract.Metrics;

namespace Sluice.Runtime.Metrics;

/// <summary>The series of one version of a model, looked up once.</summary>
internal sealed class ModelMetrics
{
    private readonly TimeProvider time;
    private readonly Histogram inference;
    private readonly Histogram queue;
    private readonly Gauge inFlight;

    public ModelMetrics(
        TimeProvider time, Histogram inference, Histogram queue, Gauge inFlight, Func<string, ProtocolMetrics> protocol)
    {
        (this.time, this.inference, this.queue, this.inFlight) = (time, inference, queue, inFlight);
        (V1, V2, Grpc, Simple) = (protocol("v1"), protocol("v2"), protocol("grpc"), protocol("simple"));
    }

    public ProtocolMetrics V1 { get; }

    public ProtocolMetrics V2 { get; }

    public ProtocolMetrics Grpc { get; }

    /// <summary>Calls that people write by hand: /predict.</summary>
    public ProtocolMetrics Simple { get; }

    public long Now() => time.GetTimestamp();

    public void Begin() => inFlight.Add(1);

    public void End() => inFlight.Add(-1);

    /// <param name="arrived">When the call asked for a turn.</param>
    /// <param name="started">When it got it.</param>
    public void Ran(long arrived, long started)
    {
        queue.Observe(time.GetElapsedTime(arrived, started).TotalSeconds);
        inference.Observe(time.GetElapsedTime(started).TotalSeconds);
    }
}

/// <summary>Requests of one protocol to one version of a model.</summary>
internal sealed class ProtocolMetrics(TimeProvider time, Histogram duration, Func<string, Counter> counter)
{
    private const int Codes = 600;

    private readonly Counter?[] byCode = new Counter?[Codes];

    /// <param name="code">An HTTP status code, or a gRPC status below 17.</param>
    /// <param name="began">Timestamp of the request's beginning.</param>
    public void Answered(int code, long began)
    {
        duration.Observe(time.GetElapsedTime(began).TotalSeconds);
        var known = (uint)code < Codes ? code : 0;
        (byCode[known] ??= counter(known.ToString(CultureInfo.InvariantCulture))).Increment();
    }
}
