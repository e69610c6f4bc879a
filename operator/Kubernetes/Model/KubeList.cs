namespace Sluice.Kubernetes.Model;

/// <summary>One page of a list. <c>Broken</c> holds the items that could not be read as <typeparamref name="T"/>.</summary>
public sealed record KubeList<T>(
    IReadOnlyList<T> Items,
    IReadOnlyList<BrokenObject> Broken,
    string ResourceVersion,
    string? Continue,
    long? RemainingItemCount);

/// <summary>An object whose metadata could be read and the rest not; <c>Error</c> says where and why.</summary>
public sealed record BrokenObject(ObjectKey Key, string? Uid, string? ResourceVersion, string Error);
