namespace Sluice.Kubernetes.Model;

/// <summary>Conditions as the API conventions want them: one per type, and the transition time moves with the status.</summary>
public static class ConditionList
{
    public static Condition? Find(IReadOnlyList<Condition>? conditions, string type) =>
        conditions?.FirstOrDefault(c => c.Type == type);

    public static bool IsTrue(IReadOnlyList<Condition>? conditions, string type) =>
        Find(conditions, type)?.Status == ConditionStatus.True;

    /// <summary>
    /// <paramref name="wanted"/>, complete and in its order, with lastTransitionTime taken from
    /// <paramref name="present"/> where the status is the same and from <paramref name="now"/> where it is not.
    /// </summary>
    public static IReadOnlyList<Condition> Carry(
        IReadOnlyList<Condition>? present, IReadOnlyList<Condition> wanted, DateTimeOffset now) =>
        [.. wanted.Select(w => Stamp(Find(present, w.Type), w, now))];

    /// <summary><paramref name="present"/> with one condition set, in place or at the end.</summary>
    public static IReadOnlyList<Condition> Set(IReadOnlyList<Condition>? present, Condition wanted, DateTimeOffset now)
    {
        var old = Find(present, wanted.Type);
        var stamped = Stamp(old, wanted, now);
        return old is null
            ? [.. present ?? [], stamped]
            : [.. present!.Select(c => c.Type == wanted.Type ? stamped : c)];
    }

    // Whole seconds are what the API keeps; anything finer would differ from what is read back.
    private static Condition Stamp(Condition? old, Condition wanted, DateTimeOffset now) => wanted with
    {
        LastTransitionTime = old is { LastTransitionTime: { } since } && old.Status == wanted.Status
            ? since
            : now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)),
    };
}
