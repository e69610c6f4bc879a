namespace Sluice.Contract;

/// <summary>How users' requests are shared out; the operator writes it, the serving pods read it from a mounted file.</summary>
public sealed record SplitDocument
{
    /// <summary>The key in the ConfigMap, and so the file's name.</summary>
    public const string FileName = "split.json";

    /// <summary>Grows with every change; a pod reports the one that it applies.</summary>
    public required long Generation { get; init; }

    /// <summary>At least one; the percents sum to 100.</summary>
    public required IReadOnlyList<SplitShare> Shares { get; init; }
}

/// <summary>One revision's share.</summary>
public sealed record SplitShare
{
    public required string Revision { get; init; }

    public required int Percent { get; init; }
}
