using System.Text.Json.Serialization;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>The payload log: requests and answers as CloudEvents, off the request path, through a bounded queue.</summary>
[Cel("!has(self.url) || !has(self.volume)", "events go to a url or to a volume, not to both")]
[Cel("!has(self.interval) || has(self.batchSize)", "interval is how long a batch may wait to be full; set batchSize with it")]
public sealed record LoggerSpec
{
    /// <summary>What is logged. Default all.</summary>
    [CrdDefault("\"all\"")]
    public LoggerMode? Mode { get; init; }

    /// <summary>Where events are posted, as an http or https URL. Default, without a volume: JSON lines on the pod's standard output.</summary>
    [Pattern("^https?://[^\\s]+$"), MaxLength(2048)]
    public string? Url { get; init; }

    /// <summary>Gets files of JSON lines.</summary>
    public LogVolumeSpec? Volume { get; init; }

    /// <summary>The share of requests that are logged, in percent, drawn by a hash of the request id. Default 100.</summary>
    [CrdDefault("100"), Minimum(0), Maximum(100)]
    public int? SamplePercent { get; init; }

    /// <summary>Bytes of events that may wait in each pod. Default 16777216.</summary>
    [CrdDefault("16777216"), Minimum(65536), Maximum(1073741824)]
    public int? QueueBytes { get; init; }

    /// <summary>Events that are sent together. Default 1.</summary>
    [CrdDefault("1"), Minimum(1), Maximum(1000)]
    public int? BatchSize { get; init; }

    /// <summary>How long an event may wait for others, as a duration. Default 0.</summary>
    [Cel("duration(self) <= duration('10m')", "an event must not wait longer than 10m for others")]
    public Duration? Interval { get; init; }

    /// <summary>Names of request headers that are copied into the events. Default none.</summary>
    [ListSet, MaxItems(32), Pattern("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$"), MaxLength(256)]
    public IReadOnlyList<string>? MetadataHeaders { get; init; }

    /// <summary>Names of inputs, columns and outputs that are never logged, none with a comma.</summary>
    [ListSet, MaxItems(256), Pattern("^[^,]+$"), MaxLength(512)]
    public IReadOnlyList<string>? Exclude { get; init; }
}

/// <summary>A claim that all pods of the service write to, each its own files.</summary>
public sealed record LogVolumeSpec
{
    /// <summary>The PersistentVolumeClaim; several pods need one that several nodes may write to.</summary>
    [Pattern("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$"), MaxLength(253)]
    public required string ClaimName { get; init; }

    /// <summary>Bytes that the files may take together; the oldest go first. Default 1073741824.</summary>
    [CrdDefault("1073741824"), Minimum(1048576)]
    public long? MaxBytes { get; init; }
}

/// <summary>Which half of an exchange is logged.</summary>
[JsonConverter(typeof(StrictEnum<LoggerMode>))]
public enum LoggerMode
{
    [JsonStringEnumMemberName("all")]
    All,
    [JsonStringEnumMemberName("request")]
    Request,
    [JsonStringEnumMemberName("response")]
    Response,
}
