namespace Sluice.Runtime.Models;

/// <summary>Where one version of one model lies.</summary>
internal sealed record ModelLocation(string Name, string Version, string File);
