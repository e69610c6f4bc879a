using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Apply;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Patches;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Storage;

namespace Sluice.LocalCluster.Api.Operations;

/// <summary>The four kinds of patches.</summary>
internal sealed class Patching(Writing writing)
{
    public const string Json = "application/json-patch+json";
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    public (StoredObject Object, bool Created) Run(WriteRequest request, string mediaType, byte[] body, Reading reading) => mediaType switch
    {
        Apply => RunApply(request, Body.JsonOrYaml(body, reading), reading),
        Json => Run(request, JsonPatches.Parse(Body.AnyJson(body)), reading),
        Merge => Run(request, MergePatches.Parse(Body.Json(body, reading)), reading),
        Strategic when request.Kind.Type is { } type => Run(request, StrategicPatches.Parse(Body.Json(body, reading), type), reading),
        _ => throw ApiException.UnsupportedMediaType(mediaType,
            request.Kind.Type is null ? [Json, Merge, Apply] : [Json, Merge, Strategic, Apply]),
    };

    (StoredObject, bool) Run(WriteRequest request, Func<JsonObject, JsonNode?> patch, Reading reading)
    {
        if (request.Options.Force)
            throw Options("force", "may not be specified for non-apply patch");
        return writing.Change(request, live =>
        {
            var patched = Patched(live!, patch);
            reading.Unknown.Clear();
            var obj = request.Kind.Default(request.Version, request.Decode(patched, reading));
            Writing.Track(request, live!, obj);
            return obj;
        });
    }

    (StoredObject, bool) RunApply(WriteRequest request, JsonObject applied, Reading reading)
    {
        if (request.Options.FieldManager.Length == 0)
            throw Options("fieldManager", null);
        if (applied.At("metadata", "managedFields") is not null)
            throw ApiException.BadRequest("metadata.managedFields must be nil");
        CheckApplied(request, applied);
        return writing.Change(request, live =>
        {
            var merged = Merged(request, live, applied);
            var managed = merged.At("metadata", "managedFields")?.DeepClone();
            reading.Unknown.Clear();
            var obj = request.Kind.Default(request.Version, request.Decode(merged, reading));
            if (managed is not null)
                obj.Ensure("metadata")["managedFields"] = managed;
            return obj;
        }, mustExist: request.Subresource.Length > 0 || applied.Text("metadata", "resourceVersion") is { Length: > 0 });
    }

    static JsonObject Merged(WriteRequest request, JsonObject? live, JsonObject applied)
    {
        try
        {
            return request.Kind.Ownership(request.Version, request.Subresource).Apply(live, applied, request.Writer, request.Options.Force);
        }
        catch (ApplyConflictException conflict)
        {
            throw new ApiException(409, "Conflict", conflict.Message, new JsonObject
            {
                ["causes"] = new JsonArray([.. conflict.Conflicts.SelectMany(one => one.Fields.Paths().Select(path => new JsonObject
                {
                    ["reason"] = "FieldManagerConflict",
                    ["message"] = $"conflict with {one.Owner.Show()}",
                    ["field"] = path,
                }))]),
            });
        }
        catch (FieldPathException error)
        {
            throw new ApiException(500, "InternalError", $"failed to create typed patch object ({request.Namespace}/{request.Name}; " +
                $"{request.ApiVersion}, Kind={request.Kind.Info.Kind}): {error.Message}");
        }
    }

    static void CheckApplied(WriteRequest request, JsonObject applied)
    {
        var (apiVersion, kind) = (applied.Text("apiVersion") ?? "", applied.Text("kind") ?? "");
        if (kind.Length == 0)
            throw ApiException.BadRequest("Object 'Kind' is missing in '" + JsonText.Show(applied) + "'");
        if (apiVersion != request.ApiVersion)
            throw ApiException.BadRequest($"Incorrect version specified in apply patch. Specified patch version: {apiVersion}, expected: {request.ApiVersion}");
        if (applied.Text("metadata", "name") is { Length: > 0 } name && name != request.Name)
            throw ApiException.BadRequest($"name in URL does not match name in the applied object: \"{request.Name}\" and \"{name}\"");
        applied.Ensure("metadata")["name"] = request.Name;
    }

    static JsonObject Patched(JsonObject live, Func<JsonObject, JsonNode?> patch)
    {
        try
        {
            return patch(live) as JsonObject ?? throw new PatchException("the patched object is not an object");
        }
        catch (PatchException error)
        {
            throw new ApiException(error.Malformed ? 400 : 422, error.Malformed ? "BadRequest" : "Invalid", error.Message);
        }
    }

    static ApiException Options(string field, string? forbidden) => new(422, "Invalid", forbidden is null
        ? $"PatchOptions.meta.k8s.io \"\" is invalid: {field}: Required value: is required for apply patch"
        : $"PatchOptions.meta.k8s.io \"\" is invalid: {field}: Forbidden: {forbidden}");
}
