using System.Text.Json;
using Sluice.Kubernetes.Model;
using Sluice.Plugin.Edits;
using Sluice.Plugin.Tests.Support;

namespace Sluice.Plugin.Tests;

/// <summary>What an edit by hand means where Git has the last word.</summary>
public sealed class GitOpsTests
{
    static readonly JsonElement Managers = JsonDocument.Parse("""
        [
          {"manager": "argocd-controller", "operation": "Apply", "fieldsV1": {"f:spec": {"f:rollout": {"f:paused": {}, "f:strategy": {}}}}},
          {"manager": "kubectl-sluice", "operation": "Update", "fieldsV1": {"f:spec": {"f:rollout": {"f:retry": {}}}}},
          {"manager": "sluice-status", "operation": "Apply", "subresource": "status"}
        ]
        """).RootElement;

    [Fact]
    public void A_field_that_Git_has_is_put_back_and_that_is_said()
    {
        var meta = new ObjectMeta { Annotations = new Dictionary<string, string> { ["argocd.argoproj.io/tracking-id"] = "churn:sluice.dev/InferenceService:shop/iris" } };

        var notes = GitOps.Notes(meta, Managers, EditFor.Pause(Sample.Service("gates")));

        notes.Should().ContainSingle().Which.Should().Contain("spec.rollout.paused was set by argocd-controller").And.Contain("in Git");
    }

    [Fact]
    public void A_field_that_Git_does_not_have_stays_and_that_is_said()
    {
        var meta = new ObjectMeta { Labels = new Dictionary<string, string> { ["kustomize.toolkit.fluxcd.io/name"] = "apps" } };

        var notes = GitOps.Notes(meta, Managers, EditFor.Abort(Sample.Service("gates")));

        notes.Should().ContainSingle().Which.Should().StartWith("Flux' Kustomization apps syncs this service. Git does not have spec.rollout.abort.digest");
    }

    [Fact]
    public void Without_a_tool_there_is_nothing_to_say() =>
        GitOps.Notes(new ObjectMeta(), null, EditFor.Pause(Sample.Service("gates"))).Should().BeEmpty();

    [Fact]
    public void What_was_edited_with_this_program_before_belongs_to_nobody_else() =>
        GitOps.Owners(Managers, "spec.rollout.retry").Should().BeEmpty();

    [Fact]
    public void An_approval_of_some_steps_leaves_a_share_that_is_held_by_hand_alone()
    {
        var edit = EditFor.Promote(Sample.Service(Sample.ArgoCD("testdata/held_by_hand.yaml")), throughStep: 0);

        edit.Patch["spec"]!["predictor"].Should().BeNull();
        edit.Changes.Select(static c => c.ToString()).Should().Equal(
            "spec.rollout.approve.digest: (not set) -> sha256:2222", "spec.rollout.approve.throughStep: (not set) -> 0");
    }

    [Fact]
    public void Who_promotes_what_is_paused_is_told_so() =>
        EditFor.Promote(Sample.Service("shifting-paused"), null).Meaning.Should().Contain("stays paused");
}
