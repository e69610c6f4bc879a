using System.Text.Json.Nodes;

namespace Sluice.Plugin.Conversion;

/// <summary>What a person must know of a conversion.</summary>
/// <param name="Kind">One of <see cref="NoteKind"/>.</param>
/// <param name="Path">The field of the original.</param>
/// <param name="Message">What became of it, and what to do.</param>
internal sealed record Note(string Kind, string Path, string Message)
{
    public override string ToString() => $"{Kind}: {Path}: {Message}";
}

/// <summary>Kinds of notes.</summary>
internal static class NoteKind
{
    /// <summary>It has no counterpart, and the result does without it.</summary>
    public const string Lost = "lost";

    /// <summary>It means or is written something else.</summary>
    public const string Changed = "changed";

    /// <summary>It must be done before the result can serve.</summary>
    public const string ToDo = "to do";
}

/// <summary>One service in our words.</summary>
/// <param name="Manifests">A ModelVersion and an InferenceService.</param>
internal sealed record Converted(string Name, IReadOnlyList<JsonObject> Manifests, IReadOnlyList<Note> Notes);

/// <summary>What the original does not say.</summary>
/// <param name="Version">The version's name among the versions of the model.</param>
/// <param name="Credentials">The Secret to fetch the model with.</param>
/// <param name="Strategy">How later versions roll out.</param>
internal sealed record ConversionOptions(string Version = "1", string? Credentials = null, string? Strategy = null)
{
    /// <summary>The name of a service's ModelVersion.</summary>
    public string VersionName(string service) => $"{service}-v{Version}".ToLowerInvariant();
}
