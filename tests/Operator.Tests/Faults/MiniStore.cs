using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Support.Http;

namespace Sluice.Operator.Tests.Faults;

/// <summary>The objects of a <see cref="MiniApi"/>, with every state that they ever had.</summary>
internal sealed class MiniStore
{
    readonly Lock gate = new();
    readonly Dictionary<(string Plural, string Namespace, string Name), JsonObject> objects = [];
    readonly List<(long Version, string Plural, JsonObject? Before, JsonObject? After)> log = [];
    TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long version;

    /// <summary>Done at the next change.</summary>
    public Task Changed
    {
        get { lock (gate) return changed.Task; }
    }

    public JsonObject? Get(MiniPath at) => Get(at.Plural, at.Name!, at.Namespace!);

    public JsonObject? Get(string plural, string name, string ns = "shop")
    {
        lock (gate)
            return objects.GetValueOrDefault((plural, ns, name))?.DeepClone().AsObject();
    }

    public IReadOnlyList<JsonObject> All(string plural)
    {
        lock (gate)
            return [.. objects.Where(o => o.Key.Plural == plural).OrderBy(o => o.Key.Name, StringComparer.Ordinal).Select(o => o.Value.DeepClone().AsObject())];
    }

    public (IReadOnlyList<JsonObject> Items, string Version) List(MiniPath at, string? label)
    {
        lock (gate)
            return ([.. All(at.Plural).Where(o => Matches(o, label))], version.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>As a person or another controller would: no fault, no precondition.</summary>
    public void Put(string plural, JsonObject value)
    {
        lock (gate)
            Store(plural, value.DeepClone().AsObject());
    }

    /// <summary>As a controller would that looks and writes at one instant.</summary>
    public void Change(string plural, string name, Action<JsonObject> change)
    {
        lock (gate)
        {
            if (Get(plural, name) is not { } value)
                return;
            change(value);
            if (!JsonNode.DeepEquals(value, Get(plural, name)))
                Store(plural, value);
        }
    }

    public void Delete(string plural, string name, string ns = "shop")
    {
        lock (gate)
            Remove(plural, ns, name);
    }

    public (int Code, JsonObject Answer) Write(MiniPath at, RecordedRequest request)
    {
        lock (gate)
        {
            var body = request.Body.Length == 0 ? [] : JsonNode.Parse(request.Body)!.AsObject();
            var name = at.Name ?? (string)body["metadata"]!["name"]!;
            var live = objects.GetValueOrDefault((at.Plural, at.Namespace!, name));
            var wanted = (request.Method == "DELETE" ? body["preconditions"] : body["metadata"])?.AsObject();
            if (live is not null && request.Method != "POST" && Violated(live, wanted))
                return (409, MiniApi.Status(409, "Conflict"));
            var manager = request.Query("fieldManager") ?? "unknown";
            return (request.Method, live) switch
            {
                ("POST", not null) => (409, MiniApi.Status(409, "AlreadyExists")),
                ("POST", null) => (201, Store(at.Plural, Managed(body, manager, "Update"))),
                ("DELETE", null) => (404, MiniApi.Status(404, "NotFound")),
                ("DELETE", _) => (200, Remove(at.Plural, at.Namespace!, name)),
                (_, null) => (404, MiniApi.Status(404, "NotFound")),
                _ => (200, Patch(at, live, body, manager, request)),
            };
        }
    }

    public IReadOnlyList<(long Version, string Line)> EventsAfter(MiniPath at, long after, string? label)
    {
        lock (gate)
        {
            return [.. log.Where(e => e.Version > after && e.Plural == at.Plural)
                .Select(e => (e.Version, Line: Event(e.Before, e.After, label))).Where(static e => e.Line is not null).Select(static e => (e.Version, e.Line!))];
        }
    }

    JsonObject Patch(MiniPath at, JsonObject live, JsonObject body, string manager, RecordedRequest request)
    {
        var next = live.DeepClone().AsObject();
        var apply = request.Headers["Content-Type"].Contains("apply-patch", StringComparison.Ordinal);
        if (at.Subresource == "status")
        {
            next["status"] = body["status"]?.DeepClone();
        }
        else
        {
            body.Remove("status");
            Merge(next, body, deletes: !apply);
            if (apply)
                Managed(next, manager, "Apply");
        }

        return JsonNode.DeepEquals(next, live) ? live : Store(at.Plural, next);
    }

    JsonObject Store(string plural, JsonObject value)
    {
        var metadata = value["metadata"]!.AsObject();
        var key = (plural, (string?)metadata["namespace"] ?? "shop", (string)metadata["name"]!);
        var before = objects.GetValueOrDefault(key);
        metadata["namespace"] = key.Item2;
        metadata["uid"] = before?["metadata"]?["uid"]?.DeepClone() ?? $"uid-{++version}";
        metadata["resourceVersion"] = (++version).ToString(CultureInfo.InvariantCulture);
        var sameSpec = before is not null && JsonNode.DeepEquals(before["spec"], value["spec"]);
        metadata["generation"] = ((long?)before?["metadata"]?["generation"] ?? 0) + (sameSpec ? 0 : 1);
        objects[key] = value;
        Note(plural, before, value);
        return value;
    }

    JsonObject Remove(string plural, string ns, string name)
    {
        if (!objects.Remove((plural, ns, name), out var gone))
            return [];
        version++;
        Note(plural, gone, null);
        var uid = (string?)gone["metadata"]!["uid"];
        foreach (var child in objects.Where(o => Owners(o.Value).Contains(uid)).Select(static o => o.Key).ToArray())
            Remove(child.Plural, child.Namespace, child.Name);
        return gone;
    }

    void Note(string plural, JsonObject? before, JsonObject? after)
    {
        log.Add((version, plural, before?.DeepClone().AsObject(), after?.DeepClone().AsObject()));
        changed.TrySetResult();
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    static IEnumerable<string?> Owners(JsonObject value) =>
        value["metadata"]?["ownerReferences"]?.AsArray().Select(static o => (string?)o!["uid"]) ?? [];

    static bool Violated(JsonObject live, JsonObject? wanted) => new[] { "uid", "resourceVersion" }
        .Any(p => wanted?[p] is { } value && (string?)value != (string?)live["metadata"]![p]);

    static string? Event(JsonObject? before, JsonObject? after, string? label)
    {
        var (was, now) = (before is not null && Matches(before, label), after is not null && Matches(after, label));
        var type = (was, now) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            _ => null,
        };
        return type is null ? null : new JsonObject { ["type"] = type, ["object"] = (now ? after : before)!.DeepClone() }.ToJsonString();
    }

    /// <summary>Knows <c>name</c>, <c>!name</c> and <c>name=value</c>, separated by commas.</summary>
    static bool Matches(JsonObject value, string? selector) => selector is null || selector.Split(',').All(part => part.Split('=') switch
    {
        [['!', .. var absent]] => value["metadata"]?["labels"]?[absent] is null,
        [var name, var wanted] => (string?)value["metadata"]?["labels"]?[name] == wanted,
        _ => value["metadata"]?["labels"]?[part] is not null,
    });

    static JsonObject Managed(JsonObject value, string manager, string operation)
    {
        var metadata = value["metadata"]!.AsObject();
        var entries = metadata["managedFields"]?.AsArray() ?? [];
        if (!entries.Any(e => (string?)e!["manager"] == manager && (string?)e["operation"] == operation))
            entries.Add((JsonNode)new JsonObject { ["manager"] = manager, ["operation"] = operation });
        metadata["managedFields"] = entries.DeepClone();
        return value;
    }

    static void Merge(JsonObject into, JsonObject from, bool deletes)
    {
        foreach (var (name, value) in from)
        {
            if (value is null && deletes)
                into.Remove(name);
            else if (value is JsonObject inner && into[name] is JsonObject present)
                Merge(present, inner, deletes);
            else
                into[name] = value?.DeepClone();
        }
    }
}
