using System.Text.Json.Serialization;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>The payload log: requests and answers as CloudEvents, off the request path, through a bounded queue.</summary>
public sealed record LoggerSpec
{
    /// <summary>What is logged. Default all.</summary>
    [CrdDefault("\"all\"")]
    public LoggerMode? Mode { get; init; }

    /// <summary>Where events are posted, as an http or https URL. Default: JSON lines on the pod's standard output.</summary>
    [Pattern("^https?://[^\\s]+$"), MaxLength(2048)]
    public string? Url { get; init; }

    /// <summary>The share of requests that are logged, in percent, drawn by a hash of the request id. Default 100.</summary>
    [CrdDefault("100"), Minimum(0), Maximum(100)]
    public int? SamplePercent { get; init; }

    /// <summary>Names of request headers that are copied into the events. Default none.</summary>
    [ListSet, MaxItems(32), Pattern("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$"), MaxLength(256)]
    public IReadOnlyList<string>? MetadataHeaders { get; init; }

    /// <summary>Names of inputs, columns and outputs that are never logged, none with a comma.</summary>
    [ListSet, MaxItems(256), Pattern("^[^,]+$"), MaxLength(512)]
    public IReadOnlyList<string>? Exclude { get; init; }
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
