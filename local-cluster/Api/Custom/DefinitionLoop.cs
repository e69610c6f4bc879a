using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Operations;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Types;

namespace Sluice.LocalCluster.Api.Custom;

/// <summary>
/// Serves what CustomResourceDefinitions define: accepts their names, says that they are established, and when one is
/// deleted first deletes its objects.
/// </summary>
internal sealed class DefinitionLoop(ApiState state, ILogger log)
{
    const string Group = "apiextensions.k8s.io";
    const string Plural = "customresourcedefinitions";

    readonly IKind definitions = state.Kind(Group, Plural);
    readonly Writing writing = new(state);
    readonly Deleting deleting = new(state);

    /// <summary>The definition that each served kind was last made of.</summary>
    readonly Dictionary<string, (long Generation, string Uid)> served = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken stop)
    {
        var at = 0L;
        var batch = new List<Change>();
        while (!stop.IsCancellationRequested)
        {
            batch.Clear();
            var complete = definitions.Objects.History.Read(at, batch, 100, out var changed);
            if (!complete)
            {
                var snapshot = state.Store.Read(definitions.Objects);
                foreach (var obj in snapshot.Objects.Values)
                    Guarded(obj, gone: false);
                at = snapshot.Version;
                continue;
            }

            foreach (var change in batch)
            {
                Guarded(change.Object, change.Kind == ChangeKind.Deleted);
                at = change.Version;
            }

            // Objects of a definition that is being deleted may take a while to go; look again now and then.
            if (batch.Count == 0)
                await WaitAsync(changed, stop);
        }
    }

    async Task WaitAsync(Task changed, CancellationToken stop)
    {
        var leaving = definitions.Objects.Objects.Values.Any(IsLeaving);
        try
        {
            await (leaving ? changed.WaitAsync(TimeSpan.FromMilliseconds(200), state.Clock, stop) : changed.WaitAsync(stop));
        }
        catch (TimeoutException)
        {
            foreach (var obj in definitions.Objects.Objects.Values.Where(IsLeaving))
                Guarded(obj, gone: false);
        }
    }

    static bool IsLeaving(StoredObject obj) => obj.Value.At("metadata", "deletionTimestamp") is not null;

    void Guarded(StoredObject obj, bool gone)
    {
        try
        {
            if (gone)
                Withdraw(obj);
            else if (definitions.Objects.Find(obj.Key) is { } live && live.Uid == obj.Uid)
                Sync(live);
        }
        catch (ApiException error)
        {
            log.DefinitionFailed(obj.Name, error.Message);
        }
    }

    void Sync(StoredObject live)
    {
        var names = live.Value.Object("spec", "names")!;
        if (IsLeaving(live))
        {
            CleanUp(live);
            return;
        }

        var (accepted, reason, message) = Accepts(live);
        if (accepted)
            Serve(live);
        SetStatus(live, names, accepted, reason, message);
    }

    void Serve(StoredObject live)
    {
        var generation = live.Value.Integer("metadata", "generation") ?? 0;
        if (served.TryGetValue(live.Name, out var known) && known == (generation, live.Uid))
            return;
        state.Kinds.Set(new CustomKind(live.Value, state.Store.For(live.Name)));
        served[live.Name] = (generation, live.Uid);
    }

    /// <summary>Names may be taken once in a group.</summary>
    (bool Accepted, string Reason, string Message) Accepts(StoredObject live)
    {
        var group = live.Value.Text("spec", "group");
        var mine = NamesOf(live.Value.Object("spec", "names"));
        foreach (var other in definitions.Objects.Objects.Values.Where(one => one.Name != live.Name && one.Value.Text("spec", "group") == group))
        {
            foreach (var (field, name) in mine)
            {
                if (NamesOf(other.Value.Object("status", "acceptedNames")).Any(taken => taken.Name == name))
                    return (false, field + "Conflict", $"\"{name}\" is already in use");
            }
        }

        return (true, "NoConflicts", "no conflicts found");
    }

    static IEnumerable<(string Field, string Name)> NamesOf(JsonObject? names) =>
        new[] { ("Plural", names.Text("plural")), ("Singular", names.Text("singular")) }
            .Concat(names.Texts("shortNames").Select(name => ("ShortNames", (string?)name)))
            .Concat([("Kind", names.Text("kind")), ("ListKind", names.Text("listKind"))])
            .Where(name => name.Item2 is { Length: > 0 })
            .Select(name => (name.Item1, name.Item2!));

    void SetStatus(StoredObject live, JsonObject names, bool accepted, string reason, string message)
    {
        var established = accepted || live.Value.Objects("status", "conditions").Any(one => one.Text("type") == "Established" && one.Text("status") == "True");
        var request = Request(live);
        writing.Change(request with { Subresource = "status" }, current =>
        {
            var next = current!.Copy();
            var status = next.Ensure("status");
            if (accepted)
                status["acceptedNames"] = names.DeepClone();
            Condition(status, "NamesAccepted", accepted, reason, message);
            Condition(status, "Established", established, established ? "InitialNamesAccepted" : "NotAccepted",
                established ? "the initial names have been accepted" : "not all names are accepted");
            next = definitions.Default("v1", definitions.Read("v1", next, new Reading()));
            Writing.Track(request with { Subresource = "status" }, current!, next);
            return next;
        });
    }

    void Condition(JsonObject status, string type, bool holds, string reason, string message)
    {
        if (status["conditions"] is not JsonArray conditions)
            status["conditions"] = conditions = [];
        var word = holds ? "True" : "False";
        var present = conditions.OfType<JsonObject>().FirstOrDefault(one => one.Text("type") == type);
        if (present is null)
        {
            present = new JsonObject { ["type"] = type };
            conditions.Add((JsonNode)present);
        }

        if (present.Text("status") != word)
            present["lastTransitionTime"] = Scalars.Instant(state.Now);
        present["status"] = word;
        present["reason"] = reason;
        present["message"] = message;
    }

    void CleanUp(StoredObject live)
    {
        if (!live.Value.Texts("metadata", "finalizers").Contains(DefinitionRules.Cleanup))
            return;
        var kind = state.Kinds.Find(live.Value.Text("spec", "group")!, live.Value.Text("spec", "names", "plural")!);
        foreach (var obj in kind?.Objects.Objects.Values ?? [])
        {
            var request = new WriteRequest(kind!, kind!.StorageVersion, obj.Namespace, obj.Name, "", Options, state.Now);
            if (!IsLeaving(obj))
                deleting.Delete(request, new DeleteOptions(null, "", "", "", DryRun: false));
        }

        if (kind?.Objects.Objects.Count is > 0)
            return;
        writing.Change(Request(live), current =>
        {
            var next = current!.Copy();
            var left = next.Texts("metadata", "finalizers").Where(one => one != DefinitionRules.Cleanup).ToList();
            next.Ensure("metadata")["finalizers"] = new JsonArray([.. left.Select(one => (JsonNode)one)]);
            return definitions.Read("v1", next, new Reading());
        });
    }

    void Withdraw(StoredObject gone)
    {
        served.Remove(gone.Name);
        state.Kinds.Remove(gone.Value.Text("spec", "group")!, gone.Value.Text("spec", "names", "plural")!);
        state.Store.Drop(gone.Name);
    }

    WriteRequest Request(StoredObject live) => new(definitions, "v1", "", live.Name, "", Options, state.Now);

    static WriteOptions Options { get; } = new(DryRun: false, "kube-apiserver", Force: false, FieldValidation.Ignore);
}
