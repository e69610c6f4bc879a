using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Types;

namespace Sluice.LocalCluster.Api.Operations;

/// <summary>The options of a deletion.</summary>
internal sealed record DeleteOptions(long? GraceSeconds, string Propagation, string Uid, string ResourceVersion, bool DryRun)
{
    /// <summary>From the body, and from the query where the body says nothing.</summary>
    public static DeleteOptions Of(JsonObject? body, HttpRequest request)
    {
        var propagation = body.Text("propagationPolicy") ?? request.Query["propagationPolicy"].ToString();
        if (propagation.Length == 0 && body.Flag("orphanDependents") is { } orphan)
            propagation = orphan ? "Orphan" : "Background";
        if (propagation is not ("" or "Orphan" or "Background" or "Foreground"))
        {
            throw new ApiException(422, "Invalid", " \"\" is invalid: propagationPolicy: Unsupported value: " +
                $"\"{propagation}\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"");
        }

        return new DeleteOptions(
            body.Integer("gracePeriodSeconds") ?? request.Query.Number("gracePeriodSeconds"),
            propagation,
            body.Text("preconditions", "uid") ?? "",
            body.Text("preconditions", "resourceVersion") ?? "",
            WriteOptions.DryRunOf(body.Array("dryRun") is { } list ? [.. list.Select(item => item.AsText())] : request.Query["dryRun"].ToArray()));
    }
}

/// <summary>
/// Deletes objects: at once, or, while finalizers stand or a pod has time to end, by marking them and waiting for the last
/// finalizer or the kubelet.
/// </summary>
internal sealed class Deleting(ApiState state)
{
    const string Orphan = "orphan";
    const string Foreground = "foregroundDeletion";

    /// <summary>Whether nothing holds a marked object any more.</summary>
    public static bool IsFinished(JsonObject obj) =>
        obj.At("metadata", "deletionTimestamp") is not null
        && obj.Array("metadata", "finalizers") is not { Count: > 0 }
        && (obj.Integer("metadata", "deletionGracePeriodSeconds") ?? 0) == 0
        && obj.Array("spec", "finalizers") is not { Count: > 0 };

    /// <returns>The object as it is now, and whether it is gone.</returns>
    public (StoredObject Object, bool Gone) Delete(WriteRequest request, DeleteOptions options)
    {
        while (true)
        {
            var live = request.Kind.Objects.Find(request.Key) ?? throw request.NotFound();
            Check(request, options, live);
            var next = live.Value.Copy();
            Mark(request, options, next);
            var gone = IsFinished(next);
            if (options.DryRun || (!gone && Tree.Same(next, live.Value)))
                return (gone ? live : new StoredObject(next, live.Version), gone);
            var result = gone
                ? state.Store.Delete(request.Kind.Objects, live, next, out var stored)
                : state.Store.Replace(request.Kind.Objects, live, next, out stored);
            if (result == WriteResult.Done)
                return (stored, gone);
            if (result == WriteResult.Missing)
                throw request.NotFound();
        }
    }

    static void Check(WriteRequest request, DeleteOptions options, StoredObject live)
    {
        var info = request.Kind.Info;
        if (options.Uid.Length > 0 && options.Uid != live.Uid)
        {
            throw ApiException.Conflict(info.Group, info.Plural, request.Name,
                $"Precondition failed: UID in precondition: {options.Uid}, UID in object meta: {live.Uid}");
        }

        var version = live.Version.ToString(CultureInfo.InvariantCulture);
        if (options.ResourceVersion.Length > 0 && options.ResourceVersion != version)
        {
            throw ApiException.Conflict(info.Group, info.Plural, request.Name,
                $"Precondition failed: ResourceVersion in precondition: {options.ResourceVersion}, ResourceVersion in object meta: {version}");
        }
    }

    static void Mark(WriteRequest request, DeleteOptions options, JsonObject obj)
    {
        var metadata = obj.Ensure("metadata");
        SetFinalizers(metadata, options.Propagation);
        var grace = Grace(request, options, obj);
        if (metadata["deletionTimestamp"] is null)
        {
            // Finalizers and graces may take a while; the object says from when on it is to go.
            metadata["deletionTimestamp"] = Scalars.Instant(request.Now.AddSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
            if (metadata.Integer("generation") is { } generation)
                metadata["generation"] = generation + 1;
            if (request.Kind.Info is { Plural: "namespaces", Group: "" })
                obj.Ensure("status")["phase"] = "Terminating";
        }
        else if (grace < (metadata.Integer("deletionGracePeriodSeconds") ?? 0))
        {
            var old = metadata.Integer("deletionGracePeriodSeconds") ?? 0;
            var end = Scalars.ParseInstant(metadata.Text("deletionTimestamp")) ?? request.Now;
            metadata["deletionTimestamp"] = Scalars.Instant(end.AddSeconds(grace - old));
            metadata["deletionGracePeriodSeconds"] = grace;
        }
    }

    /// <summary>Pods that run somewhere get the time that they ask for.</summary>
    static long Grace(WriteRequest request, DeleteOptions options, JsonObject obj)
    {
        if (request.Kind.Info is not { Plural: "pods", Group: "" })
            return 0;
        if (obj.Text("spec", "nodeName") is null or "" || obj.Text("status", "phase") is "Failed" or "Succeeded")
            return 0;
        return Math.Max(0, options.GraceSeconds ?? obj.Integer("spec", "terminationGracePeriodSeconds") ?? 30);
    }

    static void SetFinalizers(JsonObject metadata, string propagation)
    {
        if (propagation.Length == 0)
            return;
        var finalizers = metadata.Texts("finalizers").Where(one => one is not (Orphan or Foreground)).ToList();
        if (propagation == "Orphan")
            finalizers.Add(Orphan);
        else if (propagation == "Foreground")
            finalizers.Add(Foreground);
        metadata.Remove("finalizers");
        if (finalizers.Count > 0)
            metadata["finalizers"] = new JsonArray([.. finalizers.Select(one => (JsonNode)one)]);
    }
}
