using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>coordination.k8s.io/v1 Lease.</summary>
public sealed record Lease : KubeObject<Lease>, IKubeObject<Lease>
{
    public static ResourceKind Kind => new("coordination.k8s.io", "v1", "Lease", "leases");

    public static JsonTypeInfo<Lease> JsonType => KubeJson.Default.Lease;

    public LeaseSpec? Spec { get; init; }
}

/// <summary>coordination.k8s.io/v1 LeaseSpec.</summary>
public sealed record LeaseSpec
{
    public string? HolderIdentity { get; init; }

    public int? LeaseDurationSeconds { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    public int? LeaseTransitions { get; init; }

    // Not used here, but a lease is written with PUT, which would otherwise erase them.
    public string? Strategy { get; init; }

    public string? PreferredHolder { get; init; }
}
