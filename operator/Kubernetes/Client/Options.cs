using Microsoft.Extensions.Logging;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Client;

/// <summary>What a client needs besides the address of the server.</summary>
public sealed record KubeClientOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Source of jitter for retries; seeded from entropy when null.</summary>
    public Jitter? Jitter { get; init; }

    public ILoggerFactory? Logging { get; init; }

    public string UserAgent { get; init; } = "sluice";

    /// <summary>Limit of one request that is not a watch, retries not counted.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public int MaxConnectionsPerServer { get; init; } = 64;
}

/// <summary>Query of a list.</summary>
public sealed record ListOptions
{
    /// <summary>For example <c>app=x,tier in (a,b)</c>.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>For example <c>metadata.name=x</c>.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Page size; null asks for everything in one answer.</summary>
    public int? Limit { get; init; }

    /// <summary>Token of the page before.</summary>
    public string? Continue { get; init; }

    /// <summary>Null asks for the most recent state, "0" for any that the server has at hand.</summary>
    public string? ResourceVersion { get; init; }
}

/// <summary>Query of a watch.</summary>
public sealed record WatchOptions
{
    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Events after this version; null starts with the present state as ADDED events.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>The server ends the watch after this time.</summary>
    public TimeSpan? Timeout { get; init; }

    public bool Bookmarks { get; init; } = true;
}

/// <summary>How an object is written.</summary>
public sealed record ApplyOptions(string FieldManager)
{
    /// <summary>Take fields over from other managers instead of failing with a conflict.</summary>
    public bool Force { get; init; } = true;

    public bool DryRun { get; init; }

    /// <summary>For example <c>status</c>.</summary>
    public string? Subresource { get; init; }

    public static implicit operator ApplyOptions(string fieldManager) => new(fieldManager);

    public static ApplyOptions FromString(string fieldManager) => new(fieldManager);
}

/// <summary>Body of a delete.</summary>
public sealed record DeleteOptions
{
    /// <summary>Delete only this incarnation; 409 otherwise.</summary>
    public string? Uid { get; init; }

    /// <summary>Delete only this state; 409 otherwise.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Background, Foreground or Orphan.</summary>
    public string? PropagationPolicy { get; init; }

    public long? GracePeriodSeconds { get; init; }
}
