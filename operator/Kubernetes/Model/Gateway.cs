using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>gateway.networking.k8s.io/v1 HTTPRoute. The CRD is installed by whoever brings the Gateway.</summary>
public sealed record HttpRoute : KubeObject<HttpRoute>, IKubeObject<HttpRoute>
{
    public static ResourceKind Kind => new("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");

    public static JsonTypeInfo<HttpRoute> JsonType => KubeJson.Default.HttpRoute;

    public HttpRouteSpec? Spec { get; init; }

    public HttpRouteStatus? Status { get; init; }
}

/// <summary>gateway.networking.k8s.io/v1 HTTPRouteSpec. Its lists are atomic: who applies one owns all of it.</summary>
public sealed record HttpRouteSpec
{
    public IReadOnlyList<RouteParent>? ParentRefs { get; init; }

    /// <summary>None means every host of the listener.</summary>
    public IReadOnlyList<string>? Hostnames { get; init; }

    public IReadOnlyList<HttpRouteRule>? Rules { get; init; }
}

/// <summary>gateway.networking.k8s.io/v1 ParentReference.</summary>
public sealed record RouteParent
{
    /// <summary>Default gateway.networking.k8s.io.</summary>
    public string? Group { get; init; }

    /// <summary>Default Gateway.</summary>
    public string? Kind { get; init; }

    /// <summary>Default: the route's.</summary>
    public string? Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The listener; none means all that take the route.</summary>
    public string? SectionName { get; init; }

    public int? Port { get; init; }
}

/// <summary>gateway.networking.k8s.io/v1 HTTPRouteRule.</summary>
public sealed record HttpRouteRule
{
    public IReadOnlyList<HttpRouteMatch>? Matches { get; init; }

    /// <summary>Read so that one that somebody adds is noticed.</summary>
    public JsonElement? Filters { get; init; }

    public IReadOnlyList<RouteBackend>? BackendRefs { get; init; }
}

/// <summary>gateway.networking.k8s.io/v1 HTTPRouteMatch.</summary>
public sealed record HttpRouteMatch
{
    public HttpPathMatch? Path { get; init; }

    public IReadOnlyList<HttpHeaderMatch>? Headers { get; init; }
}

/// <summary>gateway.networking.k8s.io/v1 HTTPPathMatch.</summary>
public sealed record HttpPathMatch
{
    /// <summary>Exact, PathPrefix or RegularExpression.</summary>
    public string? Type { get; init; }

    public string? Value { get; init; }
}

/// <summary>gateway.networking.k8s.io/v1 HTTPHeaderMatch.</summary>
public sealed record HttpHeaderMatch
{
    /// <summary>Exact or RegularExpression.</summary>
    public string? Type { get; init; }

    public required string Name { get; init; }

    public required string Value { get; init; }
}

/// <summary>gateway.networking.k8s.io/v1 HTTPBackendRef.</summary>
public sealed record RouteBackend
{
    /// <summary>Default: the core group.</summary>
    public string? Group { get; init; }

    /// <summary>Default Service.</summary>
    public string? Kind { get; init; }

    /// <summary>Default: the route's.</summary>
    public string? Namespace { get; init; }

    public required string Name { get; init; }

    public int? Port { get; init; }

    /// <summary>0 to 1,000,000; the share is the weight over the sum of them.</summary>
    public int? Weight { get; init; }

    public JsonElement? Filters { get; init; }
}

/// <summary>gateway.networking.k8s.io/v1 HTTPRouteStatus.</summary>
public sealed record HttpRouteStatus
{
    /// <summary>One per parent and controller.</summary>
    public IReadOnlyList<RouteParentStatus>? Parents { get; init; }
}

/// <summary>gateway.networking.k8s.io/v1 RouteParentStatus.</summary>
public sealed record RouteParentStatus
{
    public required RouteParent ParentRef { get; init; }

    public string? ControllerName { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }
}
