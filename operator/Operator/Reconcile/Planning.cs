using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Evidence;
using Sluice.Operator.Versions;
using Sluice.Rollouts;

namespace Sluice.Operator.Reconcile;

/// <summary>What the spec asks for, beside the frozen inputs of every revision that may be needed to give it.</summary>
/// <param name="Plan">For the planner.</param>
/// <param name="Problem">Why the spec cannot be resolved to a revision.</param>
/// <param name="Records">By name: those in the API, the wanted one, and those that had to be made up for a lost one.</param>
internal sealed record Planning(RolloutPlan Plan, Failure? Problem, IReadOnlyDictionary<string, KnownRecord> Records)
{
    static readonly TimeSpan DefaultProgressDeadline = TimeSpan.FromMinutes(10);

    public static Planning Of(ServiceView view, PodOptions pods)
    {
        var service = view.Service;
        var records = view.Records.Where(view.Owns).Select(KnownRecord.Read).OfType<KnownRecord>().ToDictionary(static r => r.Record.Name);
        var (source, problem) = SourceFor.Resolve(service, view.Version, records.Values);
        var next = records.Count == 0 ? 1 : records.Values.Max(static r => r.Number) + 1;
        if (source is not null && SignatureGate.Problem(service, source, records) is { } changed)
            (source, problem) = (null, changed);
        Revision? wanted = null;
        if (source is not null)
        {
            var inputs = RevisionInputs.From(view.Name, source, service.Spec.Predictor);
            wanted = Ensure(records, view, Names.Revision(view.Name, inputs), inputs, pods, next++, source.Signature);
        }

        // A record that somebody deleted is made again for as long as its revision is in use.
        foreach (var used in new[] { service.Status?.Stable, service.Status?.Candidate, service.Status?.Rollout?.Soak?.Previous }.OfType<RevisionStatus>())
        {
            var remembered = new ModelSource(
                used.Version == used.Revision ? null : used.Version, used.StorageUri ?? "", Pinned(used.Digest),
                source?.StorageUri == used.StorageUri ? source?.CredentialsSecret : null)
            {
                StorageVariables = source?.StorageUri == used.StorageUri ? source?.StorageVariables : null,
            };
            Ensure(records, view, used.Revision, RevisionInputs.From(view.Name, remembered, service.Spec.Predictor), pods, next++);
        }

        foreach (var stray in view.Deployments.Where(view.Owns))
            Ensure(records, view, stray.Metadata.Name!, new RevisionInputs { ModelName = view.Name, StorageUri = "" }, pods, next++);

        var scale = ScaleFor.Spec(service.Spec.Predictor);
        var rollout = service.Spec.Rollout;
        var steps = StepsFor.Spec(service.Spec);
        var plan = new RolloutPlan(
            wanted, scale.Min, scale.Max, rollout?.ProgressDeadline?.Value ?? DefaultProgressDeadline, rollout?.Paused is true)
        {
            Steps = steps,
            Gates = [.. GatesFor.Spec(service.Spec, steps).Select(static g => g.Name)],
            Soak = rollout?.Soak?.Value ?? TimeSpan.Zero,
            Approve = rollout?.Approve is { } approve ? new Approval(approve.Digest, approve.ThroughStep) : null,
            Abort = rollout?.Abort?.Digest,
            Retry = rollout?.Retry,
        };
        return new Planning(plan, problem, records);
    }

    static Revision Ensure(
        Dictionary<string, KnownRecord> records, ServiceView view, string name, RevisionInputs inputs, PodOptions pods, long number,
        ModelSignature? signature = null)
    {
        if (!records.TryGetValue(name, out var known))
        {
            // Pods that are there already tell best what they were made of: another template would restart them.
            var template = view.Deployments.FirstOrDefault(d => d.Metadata.Name == name && view.Owns(d))?.Spec?.Template
                ?? PodTemplateFor.Render(name, inputs, pods with { Namespace = view.Service.Metadata.Namespace ?? "" });
            known = KnownRecord.New(new RevisionRecord { Name = name, Inputs = inputs, Template = template, Signature = signature }, number);
            records.Add(name, known);
        }

        return known.Record.ToRevision();
    }

    static string? Pinned(string? digest) =>
        digest?.StartsWith("sha256:", StringComparison.Ordinal) is true ? digest["sha256:".Length..] : null;
}
