namespace Sluice.Integration.BadModels;

/// <summary>A version that must not win against one that is well, and how it is found out.</summary>
/// <param name="Name">As in docs/gates.md.</param>
/// <param name="Artifact">What the storage holds.</param>
/// <param name="Reasons">What status may give as the reason; the first to come is the one that counts.</param>
internal sealed record BadModel(string Name, byte[] Artifact, params string[] Reasons)
{
    /// <summary>Of pods that must find room beside those of all other cases.</summary>
    public const string SmallResources = "requests: {cpu: 1m, memory: 16Mi}";

    /// <summary>The one that serves.</summary>
    public byte[] Stable { get; init; } = Support.Models.IrisModels.Good();

    /// <summary>A part of the message that comes with the reason; null where there are several reasons.</summary>
    public string? Says { get; init; }

    public string Rollout { get; init; } = "{strategy: Canary}";

    /// <summary>Lines of <c>predictor.model.resources</c>, in braces.</summary>
    public string Resources { get; init; } = SmallResources;

    /// <summary>A further field of <c>predictor.model</c>.</summary>
    public string Field { get; init; } = "";

    /// <summary>Both are ModelVersions, so that their signatures are known before any pod is.</summary>
    public bool Registered { get; init; }

    /// <summary>No attempt is even begun.</summary>
    public bool NeverStarts { get; init; }

    /// <summary>The storage sends half of it, and then nothing.</summary>
    public bool Stalls { get; init; }

    /// <summary>Users' requests are given to it before it is found out.</summary>
    public bool Serves { get; init; }

    public override string ToString() => Name;
}
