using System.Text.Json.Nodes;

namespace Sluice.Plugin.Edits;

/// <summary>A change of a spec: the merge patch, and the same in words.</summary>
/// <param name="Action">promote, pause, resume, abort or retry.</param>
/// <param name="Patch">A JSON merge patch of the object.</param>
/// <param name="Changes">Each field that gets another value.</param>
/// <param name="Meaning">What the operator does because of it.</param>
internal sealed record Edit(string Action, JsonObject Patch, IReadOnlyList<FieldChange> Changes, string Meaning);

/// <summary>One field; null stands for "not set".</summary>
/// <param name="Path">From the object's root: <c>spec.rollout.paused</c>.</param>
internal sealed record FieldChange(string Path, string? From, string? To)
{
    public override string ToString() => $"{Path}: {From ?? "(not set)"} -> {To ?? "(not set)"}";
}
