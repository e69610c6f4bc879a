using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>core/v1 Service.</summary>
public sealed record Service : KubeObject<Service>, IKubeObject<Service>
{
    public static ResourceKind Kind => new("", "v1", "Service", "services");

    public static JsonTypeInfo<Service> JsonType => KubeJson.Default.Service;

    public ServiceSpec? Spec { get; init; }
}

/// <summary>core/v1 ServiceSpec.</summary>
public sealed record ServiceSpec
{
    public string? Type { get; init; }

    public string? ClusterIP { get; init; }

    public IReadOnlyList<string>? ClusterIPs { get; init; }

    public IReadOnlyDictionary<string, string>? Selector { get; init; }

    public IReadOnlyList<ServicePort>? Ports { get; init; }

    public bool? PublishNotReadyAddresses { get; init; }

    public string? SessionAffinity { get; init; }

    public string? InternalTrafficPolicy { get; init; }

    public IReadOnlyList<string>? IpFamilies { get; init; }

    public string? IpFamilyPolicy { get; init; }
}

/// <summary>core/v1 ServicePort.</summary>
public sealed record ServicePort
{
    public string? Name { get; init; }

    public required int Port { get; init; }

    public IntOrString? TargetPort { get; init; }

    public string? Protocol { get; init; }

    public string? AppProtocol { get; init; }

    public int? NodePort { get; init; }
}

/// <summary>discovery.k8s.io/v1 EndpointSlice.</summary>
public sealed record EndpointSlice : KubeObject<EndpointSlice>, IKubeObject<EndpointSlice>
{
    /// <summary>The label that names the Service a slice belongs to.</summary>
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    public static ResourceKind Kind => new("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices");

    public static JsonTypeInfo<EndpointSlice> JsonType => KubeJson.Default.EndpointSlice;

    /// <summary>IPv4, IPv6 or FQDN.</summary>
    public required string AddressType { get; init; }

    public IReadOnlyList<Endpoint>? Endpoints { get; init; }

    public IReadOnlyList<EndpointPort>? Ports { get; init; }
}

/// <summary>discovery.k8s.io/v1 Endpoint.</summary>
public sealed record Endpoint
{
    public IReadOnlyList<string>? Addresses { get; init; }

    public EndpointConditions? Conditions { get; init; }

    public ObjectReference? TargetRef { get; init; }

    public string? NodeName { get; init; }

    public string? Zone { get; init; }
}

/// <summary>discovery.k8s.io/v1 EndpointConditions.</summary>
public sealed record EndpointConditions
{
    public bool? Ready { get; init; }

    public bool? Serving { get; init; }

    public bool? Terminating { get; init; }
}

/// <summary>discovery.k8s.io/v1 EndpointPort.</summary>
public sealed record EndpointPort
{
    public string? Name { get; init; }

    public int? Port { get; init; }

    public string? Protocol { get; init; }

    public string? AppProtocol { get; init; }
}
