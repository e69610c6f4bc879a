using System.Text.Json.Serialization;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>What the number of pods follows.</summary>
[Cel("self.metric in ['cpu', 'memory'] || has(self.target)", "target is needed with rps and concurrency: there is no value that fits every model")]
public sealed record AutoscalerSpec
{
    /// <summary>The metric. rps and concurrency need the custom metrics API (config/prometheus-adapter); without it the number of pods stays, and SpecHonoured says so. Default cpu.</summary>
    [CrdDefault("\"cpu\"")]
    public ScaleMetric? Metric { get; init; }

    /// <summary>The value that is aimed at, per pod: percent of the request for cpu and memory (default 80), requests per second for rps, requests in flight for concurrency.</summary>
    [Minimum(1)]
    public int? Target { get; init; }
}

/// <summary>What an autoscaler can follow.</summary>
[JsonConverter(typeof(StrictEnum<ScaleMetric>))]
public enum ScaleMetric
{
    [JsonStringEnumMemberName("cpu")]
    Cpu,
    [JsonStringEnumMemberName("memory")]
    Memory,
    [JsonStringEnumMemberName("rps")]
    Rps,
    [JsonStringEnumMemberName("concurrency")]
    Concurrency,
}
