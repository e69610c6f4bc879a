using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>apiextensions.k8s.io/v1 CustomResourceDefinition.</summary>
public sealed record CustomResourceDefinition : KubeObject<CustomResourceDefinition>, IKubeObject<CustomResourceDefinition>
{
    public static ResourceKind Kind =>
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Namespaced: false);

    public static JsonTypeInfo<CustomResourceDefinition> JsonType => KubeJson.Default.CustomResourceDefinition;

    public CustomResourceDefinitionSpec? Spec { get; init; }

    public CustomResourceDefinitionStatus? Status { get; init; }
}

/// <summary>apiextensions.k8s.io/v1 CustomResourceDefinitionSpec.</summary>
public sealed record CustomResourceDefinitionSpec
{
    public required string Group { get; init; }

    public required CustomResourceNames Names { get; init; }

    /// <summary>Namespaced or Cluster.</summary>
    public required string Scope { get; init; }

    public required IReadOnlyList<CustomResourceVersion> Versions { get; init; }
}

/// <summary>apiextensions.k8s.io/v1 CustomResourceDefinitionNames.</summary>
public sealed record CustomResourceNames
{
    public required string Plural { get; init; }

    public string? Singular { get; init; }

    public required string Kind { get; init; }

    public string? ListKind { get; init; }

    public IReadOnlyList<string>? ShortNames { get; init; }

    public IReadOnlyList<string>? Categories { get; init; }
}

/// <summary>apiextensions.k8s.io/v1 CustomResourceDefinitionVersion.</summary>
public sealed record CustomResourceVersion
{
    public required string Name { get; init; }

    public required bool Served { get; init; }

    public required bool Storage { get; init; }

    /// <summary>Holds <c>openAPIV3Schema</c>.</summary>
    public JsonElement? Schema { get; init; }

    public CustomResourceSubresources? Subresources { get; init; }

    public IReadOnlyList<CustomResourceColumn>? AdditionalPrinterColumns { get; init; }

    public IReadOnlyList<SelectableField>? SelectableFields { get; init; }
}

/// <summary>apiextensions.k8s.io/v1 CustomResourceSubresources.</summary>
public sealed record CustomResourceSubresources
{
    /// <summary>An empty object when there is a status subresource.</summary>
    public JsonElement? Status { get; init; }

    public CustomResourceScale? Scale { get; init; }
}

/// <summary>apiextensions.k8s.io/v1 CustomResourceSubresourceScale.</summary>
public sealed record CustomResourceScale
{
    public required string SpecReplicasPath { get; init; }

    public required string StatusReplicasPath { get; init; }

    public string? LabelSelectorPath { get; init; }
}

/// <summary>apiextensions.k8s.io/v1 CustomResourceColumnDefinition.</summary>
public sealed record CustomResourceColumn
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    public string? Format { get; init; }

    public string? Description { get; init; }

    public int? Priority { get; init; }

    public required string JsonPath { get; init; }
}

/// <summary>apiextensions.k8s.io/v1 SelectableField.</summary>
public sealed record SelectableField
{
    public required string JsonPath { get; init; }
}

/// <summary>apiextensions.k8s.io/v1 CustomResourceDefinitionStatus.</summary>
public sealed record CustomResourceDefinitionStatus
{
    public IReadOnlyList<Condition>? Conditions { get; init; }

    public CustomResourceNames? AcceptedNames { get; init; }

    public IReadOnlyList<string>? StoredVersions { get; init; }
}
