using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Sluice.Kubernetes.Model;

/// <summary>Anything with metadata.</summary>
public interface IKubeObject
{
    ObjectMeta Metadata { get; }

    /// <summary>The kind of this instance; generic code asks <c>T.Kind</c> instead.</summary>
    [JsonIgnore]
    ResourceKind ResourceKind { get; }
}

/// <summary>What generic code needs to know of a kind, without reflection.</summary>
public interface IKubeObject<TSelf> : IKubeObject
    where TSelf : class, IKubeObject<TSelf>
{
    static abstract ResourceKind Kind { get; }

    static abstract JsonTypeInfo<TSelf> JsonType { get; }
}

/// <summary>
/// Base of every kind. <c>apiVersion</c> and <c>kind</c> follow from the type: they are always written, and not read,
/// because items of a list do not carry them.
/// </summary>
public abstract record KubeObject<TSelf>
    where TSelf : KubeObject<TSelf>, IKubeObject<TSelf>
{
    [JsonPropertyOrder(-3)]
    public string ApiVersion => TSelf.Kind.ApiVersion;

    [JsonPropertyOrder(-2)]
    [JsonPropertyName("kind")]
    public string KindName => TSelf.Kind.Kind;

    [JsonPropertyOrder(-1)]
    public required ObjectMeta Metadata { get; init; }

    [JsonIgnore]
    public ResourceKind ResourceKind => TSelf.Kind;

    /// <summary>Namespace and name.</summary>
    [JsonIgnore]
    public ObjectKey Key => Metadata.Key;
}
