using Sluice.Contract.Metrics;
using Sluice.Runtime.Grpc;

namespace Sluice.Runtime.Routing.Evidence;

/// <summary>The shadow's answer against the user's.</summary>
internal static class PairComparison
{
    public static void Count(Comparisons to, ShadowPair pair)
    {
        var copy = pair.Copy;
        // A failure on either side is counted as one; it says nothing about what would have been answered.
        if (Outcome(copy, copy.Status) != RouteOutcomes.Answered || Outcome(copy, pair.Status) != RouteOutcomes.Answered)
            return;
        if (copy.Seconds is { } own)
            to.CountTime(pair.Seconds - own);
        if (!IsSuccess(copy, copy.Status) || !IsSuccess(copy, pair.Status))
        {
            to.CountStatus(copy.Status != pair.Status);
            return;
        }

        try
        {
            to.Count(Read(copy.IsGrpc, copy.Answer), Read(copy.IsGrpc, pair.Answer), copy.Tolerances);
        }
        catch (UnreadableAnswerException)
        {
            to.CountUnread();
        }
    }

    /// <summary>Of a copy: what the shadow refuses and the user got is no fault of the user.</summary>
    public static string OutcomeOfCopy(ShadowCopy copy, int? status)
    {
        var outcome = Outcome(copy, status);
        return outcome == RouteOutcomes.Answered && !IsSuccess(copy, status) ? Outcomes.OfRefusal(IsSuccess(copy, copy.Status)) : outcome;
    }

    public static string Outcome(ShadowCopy copy, int? status) => copy.IsGrpc
        ? Outcomes.OfGrpc((GrpcCode?)status)
        : status is { } code ? Outcomes.OfHttp(code) : RouteOutcomes.Failed;

    private static bool IsSuccess(ShadowCopy copy, int? status) => copy.IsGrpc ? status == (int)GrpcCode.Ok : status is { } code && Outcomes.IsSuccess(code);

    private static IReadOnlyList<Answered> Read(bool isGrpc, ReadOnlyMemory<byte> answer) =>
        isGrpc ? GrpcAnswers.Read(answer.Span) : JsonAnswers.Read(answer);
}
