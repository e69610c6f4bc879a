namespace Sluice.Rollouts;

/// <summary>One model with one pod template. Equal names are the same revision; the rest is told to people.</summary>
/// <param name="Name">What its Deployment, Service and frozen inputs are called: <c>NAME-HASH</c>.</param>
/// <param name="Version">The ModelVersion's name, or the revision's name for an inline model.</param>
/// <param name="StorageUri">Where the model is fetched from.</param>
/// <param name="Digest"><c>sha256:HEX</c>, or the revision's name while no digest is known.</param>
public sealed record Revision(string Name, string Version, string StorageUri, string Digest)
{
    /// <summary>How messages name it: <c>churn-v3 (churn-5d8f7c)</c>.</summary>
    public string Title => Version == Name ? Name : $"{Version} ({Name})";

    public bool Is(Revision? other) => other?.Name == Name;
}
