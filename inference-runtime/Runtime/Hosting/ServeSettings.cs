using System.Net;
using Sluice.Runtime.Batching;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Monitoring;
using Sluice.Runtime.Payloads;

namespace Sluice.Runtime.Hosting;

/// <summary>What <c>serve</c> is told.</summary>
internal sealed record ServeSettings
{
    /// <summary>A file or a folder, see <see cref="Models.ModelLocator"/>.</summary>
    public required string Model { get; init; }

    /// <summary>What requests call the model; null takes it from the path.</summary>
    public string? Name { get; init; }

    public string? ModelVersion { get; init; }

    /// <summary>The revision that this pod belongs to; empty outside a cluster.</summary>
    public string Revision { get; init; } = string.Empty;

    /// <summary>File with the <see cref="Contract.SplitDocument"/>; null answers every request here.</summary>
    public string? Split { get; init; }

    /// <summary>Answers that each model must give, see <see cref="Golden.GoldenFile"/>; null takes what lies beside it.</summary>
    public string? Golden { get; init; }

    public required IPEndPoint Http { get; init; }

    public required IPEndPoint Grpc { get; init; }

    public required IPEndPoint Admin { get; init; }

    /// <summary>How long to serve on after SIGTERM, until no endpoint list names this pod any more.</summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long running requests may take after that.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Calls that run at a time; 0 follows from the container's CPU limit, see <see cref="CpuShare"/>.</summary>
    public int Concurrency { get; init; }

    /// <summary>Threads that one call spreads over; 0 follows from the container's CPU limit, see <see cref="CpuShare"/>.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>REST requests are answered on the threads that wait for the sockets, see <see cref="EventThread"/>.</summary>
    public bool OnEventThread { get; init; }

    /// <summary>Calls that may wait for a turn.</summary>
    public int QueueLimit { get; init; } = 1000;

    /// <summary>How requests are joined into one run of a model; null joins none.</summary>
    public BatchSettings? Batching { get; init; }

    /// <summary>Largest request body, in bytes.</summary>
    public long MaxBody { get; init; } = 64 * 1024 * 1024;

    /// <summary>For requests that name no timeout, waiting and running together; zero waits without end.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>False records nothing per request.</summary>
    public bool RequestMetrics { get; init; } = true;

    /// <summary>What is watched of the models; null watches nothing.</summary>
    public MonitorSettings? Monitoring { get; init; }

    /// <summary>What callers' inputs are expected to be; null expects nothing.</summary>
    public ExpectationSettings? Expectations { get; init; }

    /// <summary>How labels are joined to predictions; null takes none.</summary>
    public FeedbackSettings? Feedback { get; init; }

    /// <summary>What of the traffic is logged, and where to; null logs nothing.</summary>
    public PayloadSettings? Payloads { get; init; }

    /// <summary>The folder with the keys of callers, see <see cref="Auth.ApiKeys"/>; null lets everybody in.</summary>
    public string? ApiKeys { get; init; }

    public int MaxConnections { get; init; } = 10_000;
}
