using Sluice.Contract;
using Sluice.Contract.Metrics;

namespace Sluice.Runtime.Routing;

/// <summary>A revision that requests can go to.</summary>
internal sealed class RouteTarget
{
    public RouteTarget(SplitShare share, bool isOwn, RoutingMetrics metrics)
    {
        (Revision, IsOwn) = (share.Revision, isOwn);
        (Http, Grpc) = (Base(share.Http), Base(share.Grpc));
        Timeout = TimeSpan.FromMilliseconds(share.TimeoutMilliseconds ?? SplitShare.DefaultTimeoutMilliseconds);
        Breaker = new Breaker(metrics.Time);
        Drawn = new RouteMetrics(metrics, share.Revision, isOwn ? RouteRoles.Stable : RouteRoles.Candidate);
        Asked = new RouteMetrics(metrics, share.Revision, RouteRoles.Asked);
    }

    public string Revision { get; }

    /// <summary>This pod is one of the revision's.</summary>
    public bool IsOwn { get; }

    /// <summary>Such as http://churn-abc.team:80; null when not given.</summary>
    public string? Http { get; }

    public string? Grpc { get; }

    /// <summary>After this the dividing pod answers itself.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>For requests that the split gave to it; a caller who asked for it is let through.</summary>
    public Breaker Breaker { get; }

    /// <summary>For requests that the split gave to it.</summary>
    public RouteMetrics Drawn { get; }

    /// <summary>For requests whose callers asked for it.</summary>
    public RouteMetrics Asked { get; }

    /// <summary>Counts what came of passing a request on.</summary>
    /// <param name="passed">As the forwarder has it.</param>
    /// <param name="outcome">One of <see cref="RouteOutcomes"/>.</param>
    /// <param name="took">Until it had.</param>
    /// <param name="asked">The caller asked for this revision.</param>
    /// <param name="hurried">The caller granted less time than the split does, so being late says little.</param>
    public void Count(Passed passed, string outcome, TimeSpan took, bool asked, bool hurried = false)
    {
        (asked ? Asked : Drawn).Count(outcome, took, passed.HasNotFinite);
        if (passed.Response is not null)
            Breaker.Answered();
        else if (outcome != RouteOutcomes.Cancelled && !(hurried && outcome == RouteOutcomes.Late))
            Breaker.Silent();
    }

    /// <summary>For a caller who wants this revision's answer or none.</summary>
    /// <param name="outcome">One of <see cref="RouteOutcomes"/>.</param>
    public string NoAnswer(string outcome) => outcome == RouteOutcomes.Late
        ? $"Revision \"{Revision}\" did not answer in time."
        : $"Revision \"{Revision}\" could not be asked: it is {outcome}.";

    public static string? Base(string? authority) => authority is null ? null : "http://" + authority;
}
