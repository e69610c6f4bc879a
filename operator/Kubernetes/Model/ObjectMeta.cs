using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>metav1.ObjectMeta without managedFields: they are never kept and never sent.</summary>
public sealed record ObjectMeta
{
    public string? Name { get; init; }

    public string? GenerateName { get; init; }

    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public long? Generation { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? CreationTimestamp { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? DeletionTimestamp { get; init; }

    public long? DeletionGracePeriodSeconds { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }

    public IReadOnlyList<string>? Finalizers { get; init; }

    [JsonIgnore]
    public ObjectKey Key => new(Namespace ?? "", Name ?? "");

    /// <summary>The owner with <c>controller: true</c>, of which there is at most one.</summary>
    [JsonIgnore]
    public OwnerReference? Controller => OwnerReferences?.FirstOrDefault(static o => o.Controller == true);

    public string? Label(string name) => Labels is not null && Labels.TryGetValue(name, out var value) ? value : null;

    public string? Annotation(string name) =>
        Annotations is not null && Annotations.TryGetValue(name, out var value) ? value : null;
}

/// <summary>metav1.OwnerReference.</summary>
public sealed record OwnerReference
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public bool? Controller { get; init; }

    public bool? BlockOwnerDeletion { get; init; }

    /// <summary>The reference that a child carries when <paramref name="owner"/> is its controller.</summary>
    /// <exception cref="ArgumentException">The owner has no name or uid, so it was not read from the API.</exception>
    public static OwnerReference ToController(IKubeObject owner)
    {
        var meta = owner.Metadata;
        if (string.IsNullOrEmpty(meta.Name) || string.IsNullOrEmpty(meta.Uid))
            throw new ArgumentException("An owner must have been read from the API: its uid is missing.", nameof(owner));
        return new OwnerReference
        {
            ApiVersion = owner.ResourceKind.ApiVersion,
            Kind = owner.ResourceKind.Kind,
            Name = meta.Name,
            Uid = meta.Uid,
            Controller = true,
            BlockOwnerDeletion = true,
        };
    }

    /// <summary>Group and kind match; the version does not count.</summary>
    public bool RefersTo(ResourceKind kind)
    {
        var slash = ApiVersion.IndexOf('/');
        var group = slash < 0 ? "" : ApiVersion[..slash];
        return Kind == kind.Kind && group == kind.Group;
    }
}
