using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Kubernetes.Events;

namespace Sluice.Kubernetes.Client;

/// <summary>What the client itself reads and writes besides kinds.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WatchEnvelope))]
[JsonSerializable(typeof(DeleteBody))]
[JsonSerializable(typeof(ApiResourceList))]
[JsonSerializable(typeof(ServerVersion))]
[JsonSerializable(typeof(ExecCredential))]
[JsonSerializable(typeof(SeriesPatch))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>One line of a watch. The members may come in either order.</summary>
internal sealed record WatchEnvelope
{
    public required string Type { get; init; }

    public required JsonElement Object { get; init; }
}

/// <summary>Answer of <c>/version</c>.</summary>
public sealed record ServerVersion
{
    public string? Major { get; init; }

    public string? Minor { get; init; }

    public required string GitVersion { get; init; }
}

internal sealed record ApiResourceList
{
    public required string GroupVersion { get; init; }

    public IReadOnlyList<ApiResource>? Resources { get; init; }
}

internal sealed record ApiResource
{
    public required string Name { get; init; }

    public required string Kind { get; init; }

    public bool Namespaced { get; init; }
}

/// <summary>metav1.DeleteOptions.</summary>
internal sealed record DeleteBody
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public DeletePreconditions? Preconditions { get; init; }

    public string? PropagationPolicy { get; init; }

    public long? GracePeriodSeconds { get; init; }

    public static DeleteBody Of(DeleteOptions? options) => new()
    {
        ApiVersion = "v1",
        Kind = "DeleteOptions",
        Preconditions = options is { Uid: null, ResourceVersion: null } or null
            ? null
            : new DeletePreconditions { Uid = options.Uid, ResourceVersion = options.ResourceVersion },
        PropagationPolicy = options?.PropagationPolicy,
        GracePeriodSeconds = options?.GracePeriodSeconds,
    };
}

internal sealed record DeletePreconditions
{
    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }
}

/// <summary>client.authentication.k8s.io ExecCredential, the side that a plugin prints.</summary>
internal sealed record ExecCredential
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ExecCredentialStatus? Status { get; init; }
}

internal sealed record ExecCredentialStatus
{
    [JsonConverter(typeof(Json.TimeConverter))]
    public DateTimeOffset? ExpirationTimestamp { get; init; }

    public string? Token { get; init; }

    public string? ClientCertificateData { get; init; }

    public string? ClientKeyData { get; init; }
}
