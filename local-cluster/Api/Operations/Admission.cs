using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Types;

namespace Sluice.LocalCluster.Api.Operations;

/// <summary>What is decided about an object before it is stored, whatever its kind.</summary>
internal static class Admission
{
    const string SuffixLetters = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Gives a new object its identity.</summary>
    public static void Identify(JsonObject obj, WriteRequest request)
    {
        var metadata = obj.Ensure("metadata");
        if (metadata.Text("resourceVersion") is { Length: > 0 })
            throw ApiException.BadRequest("resourceVersion should not be set on objects to be created");
        CheckNamespace(metadata, request);
        if (metadata.Text("name") is null or "" && metadata.Text("generateName") is { Length: > 0 } prefix)
            metadata["name"] = prefix[..Math.Min(prefix.Length, 58)] + RandomNumberGenerator.GetString(SuffixLetters, 5);
        foreach (var name in new[] { "selfLink", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "generation" })
            metadata.Remove(name);
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Scalars.Instant(request.Now);
    }

    /// <summary>Namespaced objects are made only in namespaces that exist and are not on their way out.</summary>
    public static void CheckNamespaceExists(ApiState state, WriteRequest request, string name)
    {
        if (!request.Kind.Info.Namespaced)
            return;
        var info = request.Kind.Info;
        var ns = state.Kind("", "namespaces").Objects.Find(request.Namespace)
            ?? throw ApiException.NotFound("", "namespaces", request.Namespace);
        if (ns.Value.At("metadata", "deletionTimestamp") is null)
            return;
        var refusal = ApiException.Forbidden(info.Group, info.Plural, name,
            $"unable to create new content in namespace {request.Namespace} because it is being terminated");
        refusal.Details!["causes"] = new JsonArray(new JsonObject
        {
            ["reason"] = "NamespaceTerminating",
            ["message"] = $"namespace {request.Namespace} is being terminated",
            ["field"] = "metadata.namespace",
        });
        throw refusal;
    }

    /// <summary>What a client leaves out of the metadata of an update stays as it is.</summary>
    public static void KeepIdentity(JsonObject obj, JsonObject live, WriteRequest request)
    {
        var metadata = obj.Ensure("metadata");
        CheckNamespace(metadata, request);
        var name = metadata.Text("name") ?? "";
        if (name.Length > 0 && name != request.Name)
            throw ApiException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})");
        metadata["name"] = request.Name;
        foreach (var kept in new[] { "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds" })
        {
            if (metadata[kept] is null && live.At("metadata", kept) is { } value)
                metadata[kept] = value.DeepClone();
        }

        metadata.Remove("generation");
        if (live.At("metadata", "generation") is { } generation)
            metadata["generation"] = generation.DeepClone();
        metadata.Remove("selfLink");
        var info = request.Kind.Info;
        if (metadata.Text("uid") != live.Text("metadata", "uid"))
        {
            throw ApiException.Conflict(info.Group, info.Plural, request.Name,
                $"Precondition failed: UID in precondition: {metadata.Text("uid")}, UID in object meta: {live.Text("metadata", "uid")}");
        }
    }

    static void CheckNamespace(JsonObject metadata, WriteRequest request)
    {
        var ns = metadata.Text("namespace") ?? "";
        if (!request.Kind.Info.Namespaced)
            return;
        if (ns.Length > 0 && ns != request.Namespace)
            throw ApiException.BadRequest($"the namespace of the provided object does not match the namespace sent on the request");
        metadata["namespace"] = request.Namespace;
    }
}
