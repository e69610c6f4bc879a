using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Reconcile;

/// <summary>Writes status when it is different, and remembers what was written until the cache has seen it.</summary>
internal sealed class StatusWriter(KubeClient client)
{
    readonly ConcurrentDictionary<ObjectKey, (string? Before, InferenceService After)> written = new();

    /// <summary>The service as our own last write left it, where the cache is behind that.</summary>
    public InferenceService Latest(InferenceService cached)
    {
        if (!written.TryGetValue(cached.Key, out var last))
            return cached;
        if (last.Before == cached.Metadata.ResourceVersion)
            return last.After;
        written.TryRemove(cached.Key, out _);
        return cached;
    }

    public void Forget(ObjectKey key) => written.TryRemove(key, out _);

    /// <returns>True when something was written; the write fails when the object has changed since it was looked at.</returns>
    public async Task<bool> WriteAsync(InferenceService service, InferenceServiceStatus status, CancellationToken cancel)
    {
        if (Same(service.Status, status, ApiJson.Default.InferenceServiceStatus))
            return false;
        var patch = new InferenceServiceStatusPatch { Metadata = Target(service), Status = status };
        var answer = await client.ApplyAsync(patch, Options, cancel);
        written[service.Key] = (service.Metadata.ResourceVersion, service with { Metadata = answer.Metadata, Status = answer.Status });
        return true;
    }

    public async Task<bool> WriteAsync(ModelVersion version, ModelVersionStatus status, CancellationToken cancel)
    {
        if (Same(version.Status, status, ApiJson.Default.ModelVersionStatus))
            return false;
        await client.ApplyAsync(new ModelVersionStatusPatch { Metadata = Target(version), Status = status }, Options, cancel);
        return true;
    }

    public static ApplyOptions Options { get; } = new(FieldManagers.Status) { Subresource = "status" };

    static ObjectMeta Target(IKubeObject item) => new()
    {
        Name = item.Metadata.Name,
        Namespace = item.Metadata.Namespace,
        Uid = item.Metadata.Uid,
        ResourceVersion = item.Metadata.ResourceVersion,
    };

    static bool Same<T>(T? present, T wanted, JsonTypeInfo<T> type)
        where T : class =>
        present is not null
        && JsonElement.DeepEquals(JsonSerializer.SerializeToElement(present, type), JsonSerializer.SerializeToElement(wanted, type));
}

/// <summary>An InferenceService of which only status is said.</summary>
internal sealed record InferenceServiceStatusPatch : KubeObject<InferenceServiceStatusPatch>, IKubeObject<InferenceServiceStatusPatch>
{
    public static ResourceKind Kind => InferenceService.Kind;

    public static JsonTypeInfo<InferenceServiceStatusPatch> JsonType => ApiJson.Default.InferenceServiceStatusPatch;

    public required InferenceServiceStatus Status { get; init; }
}

/// <summary>A ModelVersion of which only status is said.</summary>
internal sealed record ModelVersionStatusPatch : KubeObject<ModelVersionStatusPatch>, IKubeObject<ModelVersionStatusPatch>
{
    public static ResourceKind Kind => ModelVersion.Kind;

    public static JsonTypeInfo<ModelVersionStatusPatch> JsonType => ApiJson.Default.ModelVersionStatusPatch;

    public required ModelVersionStatus Status { get; init; }
}
