namespace Sluice.Operator.Api;

/// <summary>Reasons of conditions and Events. Reasons of failures inside a pod come from the runtime's contract.</summary>
internal static class Reasons
{
    public const string Serving = "Serving";
    public const string Starting = "Starting";
    public const string NoReadyPods = "NoReadyPods";
    public const string Promoted = "Promoted";
    public const string RolloutInProgress = "RolloutInProgress";
    public const string Settled = "Settled";
    public const string Progressing = "Progressing";
    public const string ProgressDeadlineExceeded = "ProgressDeadlineExceeded";
    public const string Paused = "Paused";
    public const string PodsReady = "PodsReady";
    public const string PodsStarting = "PodsStarting";
    public const string AwaitingApproval = "AwaitingApproval";
    public const string SplitObserved = "SplitObserved";
    public const string SplitPending = "SplitPending";
    public const string AllFieldsHonoured = "AllFieldsHonoured";
    public const string FieldsNotYetHonoured = "FieldsNotYetHonoured";

    /// <summary>The autoscaler has no source for what it is to follow.</summary>
    public const string MetricUnavailable = "MetricUnavailable";

    /// <summary>What is to be taken back serves, and there is nothing to go back to.</summary>
    public const string AbortTooLate = "AbortTooLate";

    /// <summary>An object bears a name that the service needs, and is not the service's.</summary>
    public const string NameTaken = "NameTaken";

    /// <summary>Another route has a host that the service asks for.</summary>
    public const string HostTaken = "HostTaken";

    /// <summary>The Gateway's controller refuses the route, wholly or in part.</summary>
    public const string RouteNotAccepted = "RouteNotAccepted";

    /// <summary>The cluster has no Gateway API.</summary>
    public const string GatewayApiMissing = "GatewayApiMissing";

    /// <summary>The spec asks for what its router cannot do.</summary>
    public const string UnsupportedByRouter = "UnsupportedByRouter";

    public const string ModelVersionNotFound = "ModelVersionNotFound";
    public const string ModelVersionNotReady = "ModelVersionNotReady";
    public const string UnsupportedFormat = "UnsupportedFormat";
    public const string InvalidSpec = "InvalidSpec";
    public const string InvalidStorageUri = "InvalidStorageUri";

    /// <summary>The object in the API is not one that this version can read.</summary>
    public const string Unreadable = "Unreadable";

    /// <summary>The API server refuses an object that the service needs.</summary>
    public const string Rejected = "Rejected";

    /// <summary>The operator may not write an object that the service needs.</summary>
    public const string Forbidden = "Forbidden";

    /// <summary>A ModelVersion's artifact is being fetched and examined.</summary>
    public const string Verifying = "Verifying";

    public const string Verified = "Verified";
    public const string Resolved = "Resolved";

    /// <summary>The artifact has other inputs or outputs than the spec of its ModelVersion says.</summary>
    public const string SignatureMismatch = "SignatureMismatch";

    /// <summary>A version's inputs or outputs do not fit those of the version that serves.</summary>
    public const string SignatureChanged = "SignatureChanged";

    /// <summary>The pod that examined an artifact is gone, and with it what it found.</summary>
    public const string ResultLost = "ResultLost";

    /// <summary>All gates of the running step pass.</summary>
    public const string GatesPassed = "GatesPassed";

    /// <summary>A gate has shown that the candidate is worse than allowed.</summary>
    public const string GateFailed = "GateFailed";

    /// <summary>There is not enough evidence yet.</summary>
    public const string Undecided = "Undecided";

    /// <summary>Features have moved away from the baseline.</summary>
    public const string DataDrift = "DataDrift";

    /// <summary>Features are where they were, and what the model answers has moved.</summary>
    public const string PredictionDrift = "PredictionDrift";

    public const string NoDrift = "NoDrift";

    /// <summary>No pod says what it watched.</summary>
    public const string NotWatched = "NotWatched";

    /// <summary>There is nothing to compare with.</summary>
    public const string NoBaseline = "NoBaseline";

    public const string LearningBaseline = "LearningBaseline";

    /// <summary>No pod has seen enough rows yet.</summary>
    public const string WindowOpen = "WindowOpen";

    /// <summary>Labels show accuracy, F1, Brier score or absolute error to be worse than the ModelVersion lets expect.</summary>
    public const string QualityBelowExpected = "QualityBelowExpected";

    public const string QualityAsExpected = "QualityAsExpected";
    public const string TooFewLabels = "TooFewLabels";

    /// <summary>The ModelVersion says no figure that labels could be held against.</summary>
    public const string NoExpectation = "NoExpectation";

    /// <summary>The Job of onDrift.jobTemplate or onQualityDrop.jobTemplate was started.</summary>
    public const string RetrainingStarted = "RetrainingStarted";

    /// <summary>The receiver at onDrift.url took the CloudEvent.</summary>
    public const string DriftReported = "DriftReported";

    /// <summary>The receiver at onQualityDrop.url took the CloudEvent.</summary>
    public const string QualityDropReported = "QualityDropReported";

    /// <summary>The Job cannot be created, or the CloudEvent not be delivered.</summary>
    public const string ReactionFailed = "ReactionFailed";

    public const string Unschedulable = "Unschedulable";
    public const string FailedCreate = "FailedCreate";
    public const string ContainerFailed = "ContainerFailed";
    public const string Evicted = "Evicted";
}
