namespace Sluice.Kubernetes.Model;

/// <summary>core/v1 Probe.</summary>
public sealed record Probe
{
    public HttpGetAction? HttpGet { get; init; }

    public TcpSocketAction? TcpSocket { get; init; }

    public ExecAction? Exec { get; init; }

    public GrpcAction? Grpc { get; init; }

    public int? InitialDelaySeconds { get; init; }

    public int? PeriodSeconds { get; init; }

    public int? TimeoutSeconds { get; init; }

    public int? SuccessThreshold { get; init; }

    public int? FailureThreshold { get; init; }

    public long? TerminationGracePeriodSeconds { get; init; }
}

/// <summary>core/v1 Lifecycle.</summary>
public sealed record Lifecycle
{
    public LifecycleHandler? PostStart { get; init; }

    public LifecycleHandler? PreStop { get; init; }
}

/// <summary>core/v1 LifecycleHandler.</summary>
public sealed record LifecycleHandler
{
    public HttpGetAction? HttpGet { get; init; }

    public TcpSocketAction? TcpSocket { get; init; }

    public ExecAction? Exec { get; init; }

    public SleepAction? Sleep { get; init; }
}

/// <summary>core/v1 HTTPGetAction.</summary>
public sealed record HttpGetAction
{
    public string? Path { get; init; }

    public required IntOrString Port { get; init; }

    public string? Host { get; init; }

    public string? Scheme { get; init; }

    public IReadOnlyList<HttpHeader>? HttpHeaders { get; init; }
}

/// <summary>core/v1 HTTPHeader.</summary>
public sealed record HttpHeader
{
    public required string Name { get; init; }

    public required string Value { get; init; }
}

/// <summary>core/v1 TCPSocketAction.</summary>
public sealed record TcpSocketAction
{
    public required IntOrString Port { get; init; }

    public string? Host { get; init; }
}

/// <summary>core/v1 ExecAction.</summary>
public sealed record ExecAction
{
    public IReadOnlyList<string>? Command { get; init; }
}

/// <summary>core/v1 GRPCAction.</summary>
public sealed record GrpcAction
{
    public required int Port { get; init; }

    public string? Service { get; init; }
}

/// <summary>core/v1 SleepAction.</summary>
public sealed record SleepAction
{
    public required long Seconds { get; init; }
}
