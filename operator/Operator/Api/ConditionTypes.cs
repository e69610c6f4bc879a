namespace Sluice.Operator.Api;

/// <summary>The conditions in status.</summary>
internal static class ConditionTypes
{
    /// <summary>Users are being served. Stays True through a failed candidate.</summary>
    public const string Ready = "Ready";

    /// <summary>What is served is what is asked for.</summary>
    public const string Promoted = "Promoted";

    /// <summary>kstatus: work is under way.</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>kstatus: nothing moves until somebody changes something.</summary>
    public const string Stalled = "Stalled";

    /// <summary>The candidate's pods are Ready. Present while there is a candidate.</summary>
    public const string CandidateHealthy = "CandidateHealthy";

    /// <summary>The wanted split is the observed split.</summary>
    public const string TrafficReady = "TrafficReady";

    /// <summary>What the gates say of the running step; Unknown while they are undecided. Present while there are gates and a step runs.</summary>
    public const string GatesPassed = "GatesPassed";

    /// <summary>A person must approve before the rollout goes on. Present while that is so.</summary>
    public const string ApprovalRequired = "ApprovalRequired";

    /// <summary>The rollout is held by spec.rollout.paused. Present while that is set.</summary>
    public const string Paused = "Paused";

    /// <summary>Requests or answers of the serving revision are distributed otherwise than the baseline. Present while drift is watched.</summary>
    public const string DriftDetected = "DriftDetected";

    /// <summary>Labels show that the answers of the serving revision are worse than its ModelVersion says. Present while feedback is taken.</summary>
    public const string QualityDropped = "QualityDropped";

    /// <summary>Every field of the spec has its effect; False names those that have none yet.</summary>
    public const string SpecHonoured = "SpecHonoured";

    /// <summary>Of a ModelVersion: its artifact was found and fetched.</summary>
    public const string Resolved = "Resolved";

    /// <summary>Of a ModelVersion: the artifact was loaded and is what the spec says. False is final, Unknown is not.</summary>
    public const string Verified = "Verified";
}
