using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Sluice.Runtime.Payloads;

/// <summary>Which halves of an exchange are logged.</summary>
[Flags]
internal enum PayloadMode
{
    Request = 1,
    Response = 2,
    All = Request | Response,
}

/// <summary>What of the traffic is logged, and where to.</summary>
internal sealed record PayloadSettings
{
    public PayloadMode Mode { get; init; } = PayloadMode.All;

    /// <summary>Gets each event, or batch of them, as a POST; null writes lines.</summary>
    public Uri? Sink { get; init; }

    /// <summary>Gets each event as a line of JSON.</summary>
    public string? File { get; init; }

    /// <summary>Gets files of such lines; without one, and without a file and a sink, the standard output does.</summary>
    public string? Folder { get; init; }

    /// <summary>What the files in the folder may take together.</summary>
    public long FolderBytes { get; init; } = 1 << 30;

    /// <summary>Of the requests, 0 to 100, drawn by their id.</summary>
    public int SamplePercent { get; init; } = 100;

    /// <summary>Names of inputs, columns and outputs that are never logged. Values without a name are left out then, too.</summary>
    public FrozenSet<string> Exclude { get; init; } = [];

    /// <summary>Request headers that are told with an event.</summary>
    public ImmutableArray<string> Headers { get; init; } = [];

    /// <summary>What events may hold that wait or are being sent.</summary>
    public long QueueBytes { get; init; } = 16 << 20;

    /// <summary>Events per POST; one is sent as KServe sends it, several as a JSON batch. 1 is what suits the sink.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>How long an event may wait for others to be sent with; zero is what suits the sink.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>Of each attempt.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public int Attempts { get; init; } = 5;

    /// <summary>Before the second attempt; doubled before each further one.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long stopping waits for what is queued.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where events go, for people.</summary>
    public string Target => Sink?.ToString() ?? Folder ?? File ?? "standard output";
}
