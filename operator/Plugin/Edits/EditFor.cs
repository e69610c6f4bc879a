using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Edits;

/// <summary>
/// The edits of a spec that the Argo CD actions make too (config/argocd). Those that concern a candidate name it by its
/// digest, so that one that comes late does nothing to another candidate.
/// </summary>
internal static class EditFor
{
    /// <param name="throughStep">The last step that is approved; null approves all of them.</param>
    /// <exception cref="PluginException">There is no candidate.</exception>
    public static Edit Promote(InferenceService service, int? throughStep)
    {
        var digest = Candidate(service, "promote");
        var approve = service.Spec.Rollout?.Approve;
        var changes = new List<FieldChange>();
        Change(changes, "spec.rollout.approve.digest", approve?.Digest, digest);
        Change(changes, "spec.rollout.approve.throughStep", Text(approve?.ThroughStep), Text(throughStep));
        Change(changes, "spec.predictor.canaryTrafficPercent", Text(service.Spec.Predictor.CanaryTrafficPercent), throughStep is null ? null : Text(service.Spec.Predictor.CanaryTrafficPercent));
        var patch = Rollout(new JsonObject { ["approve"] = new JsonObject { ["digest"] = digest, ["throughStep"] = throughStep } });
        if (throughStep is null)
            patch["spec"]!["predictor"] = new JsonObject { ["canaryTrafficPercent"] = null };
        var held = service.Spec.Rollout?.Paused is true ? " It stays paused all the same: 'resume' lets it go on." : "";
        return new Edit("promote", patch, changes, throughStep is { } last
            ? $"{Title(service)} may leave its steps through step {last} once their time is over and their gates pass.{held}"
            : $"{Title(service)} may leave all its steps once their time is over and their gates pass; no further approval is asked for.{held}");
    }

    /// <exception cref="PluginException">There is no candidate.</exception>
    public static Edit Abort(InferenceService service)
    {
        var digest = Candidate(service, "abort");
        var changes = new List<FieldChange>();
        Change(changes, "spec.rollout.abort.digest", service.Spec.Rollout?.Abort?.Digest, digest);
        return new Edit("abort", Rollout(new JsonObject { ["abort"] = new JsonObject { ["digest"] = digest } }), changes,
            $"{Title(service)} loses its users at once, then its pods, and {Name(service.Status!.Stable!)} keeps serving. It is not tried again until 'retry'.");
    }

    public static Edit Pause(InferenceService service) => Paused(service, wanted: true, "pause",
        "Nothing goes forward until 'resume'. Going back still works: gates, 'abort' and a spec that asks for what serves.");

    public static Edit Resume(InferenceService service) => Paused(service, wanted: false, "resume", "The rollout goes on where it was held.");

    /// <exception cref="PluginException">No candidate was refused.</exception>
    public static Edit Retry(InferenceService service, DateTimeOffset now)
    {
        if (service.Status?.Rollout?.BlockedDigests is not { Count: > 0 } blocked)
        {
            throw NotNow(service, "retry", "no candidate of it has failed or was aborted, so there is nothing to try again");
        }

        // Any other text than before lets a refused candidate try again, unless an abort still names it.
        var value = Rfc3339.Seconds(now);
        var changes = new List<FieldChange>();
        Change(changes, "spec.rollout.retry", service.Spec.Rollout?.Retry, value);
        Change(changes, "spec.rollout.abort.digest", service.Spec.Rollout?.Abort?.Digest, null);
        return new Edit("retry", Rollout(new JsonObject { ["retry"] = value, ["abort"] = null }), changes,
            $"May be tried again: {string.Join(", ", blocked)}. What the spec asks for begins a new attempt, from its first step.");
    }

    static Edit Paused(InferenceService service, bool wanted, string action, string meaning)
    {
        var present = service.Spec.Rollout?.Paused;
        if ((present ?? false) == wanted)
            throw NotNow(service, action, wanted ? "it is paused already" : "it is not paused");
        var changes = new List<FieldChange>();
        Change(changes, "spec.rollout.paused", present is true ? "true" : null, wanted ? "true" : null);
        return new Edit(action, Rollout(new JsonObject { ["paused"] = wanted ? true : null }), changes, meaning);
    }

    static string Candidate(InferenceService service, string action)
    {
        if (service.Status?.Candidate?.Digest is not { } digest)
            throw NotNow(service, action, "no candidate is under way");
        return service.Status.Stable is not null ? digest
            : throw NotNow(service, action, "its first version is starting, and there is none before it to divide users with or to go back to");
    }

    static PluginException NotNow(InferenceService service, string action, string why) => new(ExitCodes.NotNow,
        $"{action} {service.Key.Namespace}/{service.Key.Name}: nothing was changed: {why}. 'kubectl sluice status {service.Key.Name} -n {service.Key.Namespace}' shows how it is.");

    static void Change(List<FieldChange> changes, string path, string? from, string? to)
    {
        if (from != to)
            changes.Add(new FieldChange(path, from, to));
    }

    static JsonObject Rollout(JsonObject fields) => new() { ["spec"] = new JsonObject { ["rollout"] = fields } };

    static string Title(InferenceService service) => Name(service.Status!.Candidate!);

    static string Name(RevisionStatus revision) => revision.Version is { } version && version != revision.Revision ? $"{version} ({revision.Revision})" : revision.Revision;

    static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
