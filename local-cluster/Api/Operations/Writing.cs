using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Storage;

namespace Sluice.LocalCluster.Api.Operations;

/// <summary>Creates and changes objects: defaults, field owners, rules of the kind, then the store.</summary>
internal sealed class Writing(ApiState state)
{
    /// <summary>How often a patch that names no version is tried again when somebody else wrote in between.</summary>
    const int Attempts = 20;

    /// <param name="request">The request; its name is not looked at.</param>
    /// <param name="sent">The object as the client sent it.</param>
    /// <param name="reading">Collects what is to be warned of.</param>
    public StoredObject Create(WriteRequest request, JsonObject sent, Reading reading)
    {
        var obj = request.Kind.Default(request.Version, request.Decode(sent, reading));
        Admission.Identify(obj, request);
        request.Kind.Ownership(request.Version, "").Update(null, obj, request.Writer);
        return Insert(request, obj);
    }

    /// <summary>Replaces an object.</summary>
    public (StoredObject Object, bool Created) Update(WriteRequest request, JsonObject sent, Reading reading) => Change(request, live =>
    {
        reading.Unknown.Clear();
        var obj = request.Kind.Default(request.Version, request.Decode(sent, reading));
        if (!request.Kind.Info.UnconditionalUpdate && obj.Text("metadata", "resourceVersion") is null or "")
        {
            throw ApiException.Invalid(request.Kind.Info.Group, request.Kind.Info.Kind, request.Name,
                [new Schema.FieldError("metadata.resourceVersion", Schema.FieldErrorType.Invalid, "Invalid value: 0x0: must be specified for an update")]);
        }

        Admission.KeepIdentity(obj, live!, request);
        Track(request, live!, obj);
        return obj;
    });

    /// <summary>Changes an object.</summary>
    /// <param name="request">The request.</param>
    /// <param name="change">Makes the new state of the live one, both in the version of the request. May run several times.</param>
    /// <param name="mustExist">False when the write may also create, as an apply does: the change then gets null.</param>
    /// <returns>The object, and whether it is new.</returns>
    public (StoredObject Object, bool Created) Change(WriteRequest request, Func<JsonObject?, JsonObject> change, bool mustExist = true)
    {
        for (var attempt = 1; ; attempt++)
        {
            var live = request.Kind.Objects.Find(request.Key);
            if (live is null)
                return mustExist ? throw request.NotFound() : (CreateChanged(request, change(null)), true);
            var obj = change(request.Kind.Convert(live.Value, request.Version));
            var sentVersion = obj.Text("metadata", "resourceVersion") ?? "";
            if (sentVersion.Length > 0 && sentVersion != live.Value.Text("metadata", "resourceVersion"))
                throw request.Modified();
            switch (TryReplace(request, live, obj, out var stored))
            {
                case WriteResult.Done:
                    return (stored, false);
                case WriteResult.Missing:
                    throw request.NotFound();
                case WriteResult.Changed when attempt >= Attempts:
                    throw request.Modified();
            }
        }
    }

    /// <summary>An update as other writers make it: the whole object, or a patched one.</summary>
    public static void Track(WriteRequest request, JsonObject live, JsonObject updated) =>
        request.Kind.Ownership(request.Version, request.Subresource).Update(live, updated, request.Writer);

    StoredObject CreateChanged(WriteRequest request, JsonObject obj)
    {
        Admission.Identify(obj, request);
        return Insert(request, obj);
    }

    StoredObject Insert(WriteRequest request, JsonObject obj)
    {
        var kind = request.Kind;
        var stored = kind.Convert(obj, kind.StorageVersion);
        var name = stored.Text("metadata", "name") ?? "";
        Admission.CheckNamespaceExists(state, request, name);
        var write = new Write(stored, null, "");
        kind.Prepare(write);
        Refuse(request, name, write);
        if (request.Options.DryRun)
        {
            if (kind.Objects.Find(StoredObject.KeyOf(request.Namespace, name)) is not null)
                throw ApiException.AlreadyExists(kind.Info.Group, kind.Info.Plural, name);
            return new StoredObject(stored, state.Store.Version);
        }

        return state.Store.Create(kind.Objects, stored, out var created) == WriteResult.Done
            ? created
            : throw ApiException.AlreadyExists(kind.Info.Group, kind.Info.Plural, name);
    }

    WriteResult TryReplace(WriteRequest request, StoredObject live, JsonObject obj, out StoredObject stored)
    {
        var kind = request.Kind;
        Admission.KeepIdentity(obj, live.Value, request);
        obj.Object("metadata")!["resourceVersion"] = live.Value.Text("metadata", "resourceVersion");
        var next = kind.Convert(obj, kind.StorageVersion);
        var write = new Write(next, live.Value, request.Subresource);
        kind.Prepare(write);
        Refuse(request, request.Name, write);
        stored = live;
        if (SameButForTimes(live.Value, next))
            return WriteResult.Done;
        var finished = Deleting.IsFinished(next);
        if (request.Options.DryRun)
        {
            stored = new StoredObject(next, live.Version);
            return WriteResult.Done;
        }

        return finished
            ? state.Store.Delete(kind.Objects, live, next, out stored)
            : state.Store.Replace(kind.Objects, live, next, out stored);
    }

    static void Refuse(WriteRequest request, string name, Write write)
    {
        var errors = request.Kind.Validate(request.Version, write).ToList();
        if (errors.Count > 0)
            throw ApiException.Invalid(request.Kind.Info.Group, request.Kind.Info.Kind, name, errors);
    }

    /// <summary>A write that would change nothing but the times of field owners is no write.</summary>
    static bool SameButForTimes(JsonObject live, JsonObject next)
    {
        foreach (var (name, value) in next)
        {
            if (name != "metadata" && !Tree.Same(value, live[name]))
                return false;
        }

        return live.Count == next.Count && Tree.Same(Timeless(live), Timeless(next));
    }

    static JsonObject? Timeless(JsonObject obj)
    {
        var metadata = obj.Object("metadata")?.Copy();
        foreach (var entry in metadata.Objects("managedFields"))
            entry.Remove("time");
        return metadata;
    }
}
