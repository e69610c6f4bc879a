namespace Sluice.Operator.Reconcile;

/// <summary>The names under which the operator writes.</summary>
internal static class FieldManagers
{
    /// <summary>Everything owned.</summary>
    public const string Objects = "sluice";

    /// <summary>The status of our kinds.</summary>
    public const string Status = "sluice-status";

    /// <summary>
    /// Holds <c>replicas</c> from when we let go of it until an autoscaler takes it: a field that nobody owns any more
    /// falls back to its default, which is one pod.
    /// </summary>
    public const string Handover = "sluice-handover";
}
