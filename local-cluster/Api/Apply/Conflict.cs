namespace Sluice.LocalCluster.Api.Apply;

/// <summary>Fields that an apply would change and somebody else owns.</summary>
internal sealed record Conflict(Manager Owner, FieldSet Fields);

/// <summary>An apply without force met fields of other managers.</summary>
internal sealed class ApplyConflictException(IReadOnlyList<Conflict> conflicts) : Exception(Describe(conflicts))
{
    public IReadOnlyList<Conflict> Conflicts { get; } = conflicts;

    static string Describe(IReadOnlyList<Conflict> conflicts)
    {
        var paths = conflicts.SelectMany(conflict => conflict.Fields.Paths()).ToList();
        if (paths.Count == 1)
            return $"Apply failed with 1 conflict: conflict with {conflicts[0].Owner.Show()}: {paths[0]}";
        var lines = conflicts
            .OrderBy(conflict => conflict.Owner.Show(), StringComparer.Ordinal)
            .SelectMany(conflict => conflict.Fields.Paths().Select(path => $"- {path}").Prepend($"conflicts with {conflict.Owner.Show()}:"));
        return $"Apply failed with {paths.Count} conflicts: {string.Join('\n', lines)}";
    }
}
