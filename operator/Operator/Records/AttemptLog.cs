using System.Collections.Concurrent;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Evidence;
using Sluice.Operator.Hosting;
using Sluice.Operator.Reconcile;
using Sluice.Rollouts.Records;

namespace Sluice.Operator.Records;

/// <summary>
/// Keeps the record of each attempt. It is written when something new was decided; a record that cannot be written holds
/// up nothing, least of all the way back, and is tried again.
/// </summary>
internal sealed class AttemptLog(KubeClient client, ILogger log)
{
    /// <summary>The records of a service that are kept, unless its revisionHistoryLimit says otherwise.</summary>
    const int DefaultKept = 5;

    readonly ConcurrentDictionary<ObjectKey, Dictionary<int, Open>> open = new();

    public void Forget(ObjectKey service) => open.TryRemove(service, out _);

    /// <returns>False when something is still to be written.</returns>
    public async Task<bool> RecordAsync(ServiceView view, Intent intent, Judged? judged, Fence fence, DateTimeOffset now, CancellationToken cancel)
    {
        var attempts = AttemptRecord.AttemptsOf(intent.Remembered, intent.Decision.State);
        var records = open.GetOrAdd(view.Service.Key, static _ => []);
        foreach (var over in records.Keys.Except(attempts).ToArray())
        {
            if (records[over].Unwritten)
                records[over] = await WriteAsync(view, records[over], fence, cancel);
            if (!records[over].Unwritten)
                records.Remove(over);
        }

        var decision = RecordedDecision.Of(intent.Remembered, intent.Seen, judged, intent.Decision, now);
        var asked = new AskedFor(intent.Planning.Plan, GatesFor.Spec(view.Service.Spec, intent.Planning.Plan.Steps));
        foreach (var attempt in attempts)
        {
            var known = records.GetValueOrDefault(attempt) ?? await FindAsync(view, attempt, cancel);
            var next = known.Record is null ? AttemptRecord.Begin(decision, asked) : known.Record.With(decision, asked);
            var unwritten = known.Unwritten || next?.Decisions.Length != known.Record?.Decisions.Length || next?.Omitted != known.Record?.Omitted;
            known = known with { Record = next, Unwritten = unwritten && next is not null };
            records[attempt] = known.Unwritten ? await WriteAsync(view, known, fence, cancel) : known;
        }

        if (records.Count == 0)
            Forget(view.Service.Key);
        return !records.Values.Any(static r => r.Unwritten);
    }

    async Task<Open> WriteAsync(ServiceView view, Open known, Fence fence, CancellationToken cancel)
    {
        var (bytes, record) = RecordText.Pack(known.Record!);
        known = known with { Record = record };
        await fence.ConfirmAsync(cancel);
        try
        {
            var target = AttemptRecordFor.Render(view.Service, record.Attempt, record.Candidate.Name, bytes);
            // Whoever has the name already keeps what is in it.
            if (known.Uid is null && await client.FindAsync<ConfigMap>(target.Key, cancel) is { } live)
                known = view.Owns(live) ? known with { Uid = live.Metadata.Uid } : throw new InvalidDataException($"ConfigMap {target.Key} is another's.");
            var isNew = known.Uid is null;
            var written = isNew
                ? await client.CreateAsync(target, fieldManager: FieldManagers.Objects, cancel: cancel)
                : await client.ApplyAsync(target with { Metadata = target.Metadata with { Uid = known.Uid } }, FieldManagers.Objects, cancel);
            if (isNew)
                await PruneAsync(view, cancel);
            return known with { Uid = written.Metadata.Uid, Unwritten = false };
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or IOException or InvalidDataException)
        {
            Log.NotRecorded(log, record.Attempt, view.Service.Key, e.Message);
            return known with { Uid = null, Unwritten = true };
        }
    }

    /// <summary>What an operator before this one has recorded. One that cannot be read is begun anew.</summary>
    async Task<Open> FindAsync(ServiceView view, int attempt, CancellationToken cancel)
    {
        try
        {
            var key = view.Service.Key with { Name = Names.Attempt(view.Name, attempt) };
            return await client.FindAsync<ConfigMap>(key, cancel) is { } map && view.Owns(map) && RecordText.Of(map) is { } record && record.Attempt == attempt
                ? new Open(record, map.Metadata.Uid, Unwritten: false) : Open.Nothing;
        }
        catch (Exception e) when (e is InvalidDataException or KubeApiException or HttpRequestException or IOException)
        {
            Log.NotRecorded(log, attempt, view.Service.Key, e.Message);
            return Open.Nothing;
        }
    }

    async Task PruneAsync(ServiceView view, CancellationToken cancel)
    {
        var selector = new ListOptions { LabelSelector = $"{Labels.Service}={view.Name},{Labels.Attempt}" };
        var records = await client.ListAsync<ConfigMap>(view.Service.Metadata.Namespace, selector, cancel);
        var kept = Math.Max(1, view.Service.Spec.RevisionHistoryLimit ?? DefaultKept);
        foreach (var old in records.Items.Where(view.Owns).OrderByDescending(AttemptRecordFor.AttemptOf).Skip(kept))
            await client.DeleteAsync<ConfigMap>(old.Key, new DeleteOptions { Uid = old.Metadata.Uid }, cancel);
    }

    /// <param name="Record">As it is by now; null while there is none.</param>
    /// <param name="Uid">Of the object that holds it, as far as that is known.</param>
    /// <param name="Unwritten">It says more than the object.</param>
    sealed record Open(AttemptRecord? Record, string? Uid, bool Unwritten)
    {
        public static Open Nothing { get; } = new(null, null, Unwritten: false);
    }
}
