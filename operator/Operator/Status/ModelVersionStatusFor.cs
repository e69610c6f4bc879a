using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Versions;
using Sluice.Rollouts;

namespace Sluice.Operator.Status;

/// <summary>The whole status of a ModelVersion.</summary>
internal static class ModelVersionStatusFor
{
    const string Onnx = "ai.onnx";

    /// <summary>Longer texts of authors are of no use in a table, and the API has its limits.</summary>
    const int ProducerLimit = 256;

    /// <summary>Of lists and maps, and of each text in them: no more than the schema lets through.</summary>
    const int MostEntries = 64;
    const int LongestText = 1024;

    public static ModelVersionStatus Render(ModelVersion version, Finding finding, DateTimeOffset now)
    {
        var generation = version.Metadata.Generation;
        var conditions = Conditions(version, finding).Concat(Progress(finding)).Append(Honoured()).Select(c => c with { ObservedGeneration = generation }).ToArray();
        return Facts(version, finding) with
        {
            ObservedGeneration = generation,
            Conditions = ConditionList.Carry(version.Status?.Conditions, conditions, now),
        };
    }

    static ModelVersionStatus Facts(ModelVersion version, Finding finding)
    {
        var before = version.Status ?? new ModelVersionStatus();
        return finding switch
        {
            Finding.Settled => before,
            Finding.Working => before with { NextAttemptTime = null },
            Finding.Failed failed => before with { FailedAttempts = failed.Attempts, NextAttemptTime = failed.Next },
            // The digest of a refused artifact is told in the message: in status it would be one that counts.
            Finding.Refused => new ModelVersionStatus(),
            Finding.Proven proven => Facts(proven.Report, proven.Signature),
            _ => throw new ArgumentOutOfRangeException(nameof(finding)),
        };
    }

    static ModelVersionStatus Facts(ModelReport report, ModelSignature? signature) => new()
    {
        Digest = Digests.Of(report.Sha256),
        ShortDigest = Digests.Short(Digests.Of(report.Sha256)),
        SizeBytes = report.SizeBytes,
        Opset = report.Opsets?.TryGetValue(Onnx, out var opset) is true ? opset : null,
        IrVersion = report.IrVersion,
        Producer = Producer(report),
        Metadata = Bounded(report.Metadata),
        ExternalData = report.ExternalData is { Count: > 0 } files ? [.. files.Take(MostEntries).Select(Cut)] : null,
        Lineage = Bounded(report.Lineage),
        Signature = signature,
    };

    /// <summary>An author or a storage wrote it.</summary>
    static Dictionary<string, string>? Bounded(IReadOnlyDictionary<string, string>? written) => written is not { Count: > 0 } ? null : written
        .OrderBy(static l => l.Key, StringComparer.Ordinal)
        .Take(MostEntries)
        .ToDictionary(static l => l.Key, static l => Cut(l.Value));

    static string Cut(string text) => text[..Math.Min(text.Length, LongestText)];

    static string? Producer(ModelReport report)
    {
        var text = $"{report.Producer} {report.ProducerVersion}".Trim();
        return text.Length == 0 ? null : text[..Math.Min(text.Length, ProducerLimit)];
    }

    static IEnumerable<Condition> Conditions(ModelVersion version, Finding finding) => finding switch
    {
        Finding.Settled => (version.Status?.Conditions ?? []).Where(static c => c.Type != ConditionTypes.SpecHonoured),
        Finding.Working working => Working(working.Message),
        Finding.Failed failed => Failed(failed, $"{Sentence(failed.Failure.Message)} {Tries(failed)}"),
        Finding.Refused { Fetched: true } refused => Refused(Fetched(), refused.Failure),
        Finding.Refused refused => Refused(False(ConditionTypes.Resolved, refused.Failure, refused.Failure.Message), refused.Failure),
        Finding.Proven proven => Proven(proven.Report),
        _ => throw new ArgumentOutOfRangeException(nameof(finding)),
    };

    static IEnumerable<Condition> Working(string message) =>
    [
        Make(ConditionTypes.Resolved, ConditionStatus.Unknown, Reasons.Verifying, message),
        Make(ConditionTypes.Verified, ConditionStatus.Unknown, Reasons.Verifying, message),
        Make(ConditionTypes.Ready, ConditionStatus.Unknown, Reasons.Verifying, message),
    ];

    static IEnumerable<Condition> Failed(Finding.Failed failed, string message) =>
    [
        failed.Fetched ? Fetched() : False(ConditionTypes.Resolved, failed.Failure, message),
        Make(ConditionTypes.Verified, ConditionStatus.Unknown, failed.Failure.Reason, failed.Fetched ? message : "The artifact was not examined yet."),
        False(ConditionTypes.Ready, failed.Failure, message),
    ];

    static Condition Fetched() => Make(ConditionTypes.Resolved, ConditionStatus.True, Reasons.Resolved, "The artifact was found and fetched.");

    static IEnumerable<Condition> Refused(Condition resolved, Failure failure)
    {
        var message = $"{Sentence(failure.Message)} This is final: a ModelVersion does not change. Apply one with another name.";
        return [resolved, False(ConditionTypes.Verified, failure, message), False(ConditionTypes.Ready, failure, message)];
    }

    static IEnumerable<Condition> Proven(ModelReport report)
    {
        var digest = Digests.Of(report.Sha256);
        return
        [
            Make(ConditionTypes.Resolved, ConditionStatus.True, Reasons.Resolved, $"The artifact is {digest}, {report.SizeBytes} bytes."),
            Make(ConditionTypes.Verified, ConditionStatus.True, Reasons.Verified, "The artifact was loaded and is what the spec says."),
            Make(ConditionTypes.Ready, ConditionStatus.True, Reasons.Verified, "Services may use it; pods serve this digest and no other."),
        ];
    }

    /// <summary>In kstatus's words, for those who wait: under way, or in the way for good.</summary>
    static IEnumerable<Condition> Progress(Finding finding) => finding switch
    {
        // Told before, and it stays.
        Finding.Settled => [],
        Finding.Working working => [Under(Reasons.Verifying, working.Message), Free()],
        Finding.Failed failed => [Under(failed.Failure.Reason, Tries(failed)), Free()],
        Finding.Refused { Failure: var failure } =>
            [Settled(), Make(ConditionTypes.Stalled, ConditionStatus.True, failure.Reason, $"{Sentence(failure.Message)} Apply a ModelVersion with another name.")],
        _ => [Settled(), Free()],
    };

    static Condition Under(string reason, string message) => Make(ConditionTypes.Reconciling, ConditionStatus.True, reason, message);

    static Condition Settled() => Make(ConditionTypes.Reconciling, ConditionStatus.False, Reasons.Settled, "Nothing is under way.");

    static Condition Free() => Make(ConditionTypes.Stalled, ConditionStatus.False, Reasons.Settled, "Nothing is in the way.");

    static Condition Honoured() =>
        Make(ConditionTypes.SpecHonoured, ConditionStatus.True, Reasons.AllFieldsHonoured, "Every field of the spec has its effect.");

    static string Tries(Finding.Failed failed) =>
        $"Tried {(failed.Attempts == 1 ? "once" : $"{failed.Attempts} times")}; the next try is at {failed.Next:yyyy-MM-dd'T'HH:mm:ss'Z'}.";

    static string Sentence(string text) => text.EndsWith('.') || text.EndsWith('…') ? text : text + ".";

    static Condition False(string type, Failure failure, string message) => Make(type, ConditionStatus.False, failure.Reason, message);

    static Condition Make(string type, string status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}
