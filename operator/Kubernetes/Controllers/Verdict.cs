using Sluice.Kubernetes.Client;

namespace Sluice.Kubernetes.Controllers;

internal enum VerdictKind
{
    Settled,
    Again,
    Terminal,
    Conflict,
    Throttled,
    Failed,
}

/// <summary>What a pass means for its key.</summary>
internal readonly record struct Verdict(VerdictKind Kind, TimeSpan? After, Exception? Error)
{
    /// <summary>For metrics.</summary>
    public string Name => Kind switch
    {
        VerdictKind.Settled => "settled",
        VerdictKind.Again => "again",
        VerdictKind.Terminal => "terminal",
        VerdictKind.Conflict => "conflict",
        VerdictKind.Throttled => "throttled",
        _ => "error",
    };

    public static Verdict Of(Outcome outcome) => outcome.After is { } after
        ? new Verdict(VerdictKind.Again, after, null)
        : new Verdict(VerdictKind.Settled, null, null);

    public static Verdict Of(Exception error) => error switch
    {
        TerminalException => new Verdict(VerdictKind.Terminal, null, error),
        KubeApiException { IsConflict: true } => new Verdict(VerdictKind.Conflict, null, error),
        KubeApiException { IsThrottled: true } e => new Verdict(VerdictKind.Throttled, e.RetryAfter, error),
        _ => new Verdict(VerdictKind.Failed, null, error),
    };
}
