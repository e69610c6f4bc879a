using Sluice.Integration.World;
using Sluice.Support.Measuring;

namespace Sluice.Integration.Scenarios;

/// <summary>Rollouts under traffic of 200 requests per second. Whatever happens, nobody is failed.</summary>
[Collection(ClusterCollection.Name)]
public sealed class RolloutTests(Cluster cluster)
{
    const string Canary = "{strategy: Canary, steps: [{weight: 20, for: 1s}, {weight: 50, for: 1s}], gates: [], soak: 1s}";

    // Long enough to be found in each stage by somebody who looks now and then, on a machine that does much else.
    const string Watched = "{strategy: Canary, steps: [{weight: 20, for: 4s}, {weight: 50, for: 4s}], gates: [], soak: 4s}";
    const string Patient = "{strategy: Canary, steps: [{weight: 20, for: 1h}], gates: []}";
    const string Soaking = "{strategy: Canary, steps: [{weight: 20, for: 1s}], gates: [], soak: 1h}";

    [PodFact]
    public async Task A_canary_goes_step_by_step_and_is_promoted()
    {
        await using var story = await Story.BeginAsync(cluster, Watched);

        await story.ApplyAsync(Story.Second, Watched);
        var candidate = await story.CandidateAsync();
        await story.ShareAsync(20);
        await story.ShareAsync(50);
        await story.StageAsync("Soaking");

        await story.EndsAsync("Promoted", candidate);
        (await story.Load.AskAsync()).Should().Be(candidate);
        await story.NobodyWasFailedAsync();
    }

    [PodFact]
    public async Task A_canary_that_is_aborted_loses_its_share_and_stays_away_until_retry_changes()
    {
        await using var story = await Story.BeginAsync(cluster, Patient);
        var stable = await story.StableAsync();
        await story.ApplyAsync(Story.Second, Patient);
        var candidate = await story.CandidateAsync();
        await story.ShareAsync(20);

        await story.ApplyAsync(Story.Second, With(Patient, $"abort: {{digest: {candidate}}}"));

        await story.EndsAsync("Aborted", stable);
        await story.Space.ConditionIsAsync(Story.Service, "Promoted", "False");
        await story.ApplyAsync(Story.Second, Canary);
        await story.Space.ConditionIsAsync(Story.Service, "Stalled", "True", "Aborted");
        await story.ApplyAsync(Story.Second, With(Canary, "retry: again"));
        await story.EndsAsync("Promoted", candidate);
        await story.NobodyWasFailedAsync();
    }

    [PodFact]
    public async Task A_third_version_in_the_middle_of_a_step_supersedes_the_second()
    {
        await using var story = await Story.BeginAsync(cluster, Patient);
        await story.ApplyAsync(Story.Second, Patient);
        var second = await story.CandidateAsync();
        await story.ShareAsync(20);

        await story.ApplyAsync(Story.Third, Canary);

        await story.TrueAsync("the third is the candidate", s => (string?)s["candidate"]?["revision"] is { } now && now != second);
        var third = await story.CandidateAsync();
        await story.EndsAsync("Promoted", third);
        var history = (await story.StatusAsync())["history"]!;
        ((string?)history[1]!["outcome"], (string?)history[1]!["revision"]).Should().Be(("Superseded", second));
        await story.NobodyWasFailedAsync();
    }

    [PodFact]
    public async Task A_change_back_within_the_soak_is_immediate_and_starts_no_pod()
    {
        await using var story = await Story.BeginAsync(cluster, Soaking);
        var (first, pods) = (await story.StableAsync(), await story.PodsAsync());
        await story.ApplyAsync(Story.Second, Soaking);
        await story.StageAsync("Soaking");

        await story.ApplyAsync(Story.First, Soaking);

        await story.TrueAsync("the first version serves again", s => (string?)s["stable"]?["revision"] == first);
        await story.ApplyAsync(Story.First, "{}");
        await story.EndsAsync("Promoted", first);
        (await story.PodsAsync()).Should().BeEquivalentTo(pods);
        await story.NobodyWasFailedAsync();
    }

    [PodFact]
    public async Task A_change_back_after_the_soak_is_a_rollout_like_any_other()
    {
        const string soakless = "{strategy: Canary, steps: [{weight: 20, for: 1s}], gates: []}";
        await using var story = await Story.BeginAsync(cluster, soakless);
        var first = await story.StableAsync();
        await story.ApplyAsync(Story.Second, soakless);
        await story.EndsAsync("Promoted", await story.CandidateAsync());

        await story.ApplyAsync(Story.First, soakless);
        await story.ShareAsync(20);

        await story.EndsAsync("Promoted", first);
        ((int?)(await story.StatusAsync())["rollout"]!["attempt"]).Should().Be(3);
        await story.NobodyWasFailedAsync();
    }

    [PodFact]
    public async Task Blue_green_waits_at_its_preview_at_full_size_and_flips_when_a_person_agrees()
    {
        const string blueGreen = "{strategy: BlueGreen, steps: [{weight: 0, approval: required}, {weight: 100}], soak: 1s}";
        await using var story = await Story.BeginAsync(cluster, blueGreen);
        await story.ApplyAsync(Story.Second, blueGreen);
        var candidate = await story.CandidateAsync();
        await story.Space.ConditionIsAsync(Story.Service, "ApprovalRequired", "True");
        ((int?)(await story.StatusAsync())["candidate"]!["readyReplicas"]).Should().Be(2);
        (await story.Load.AskAsync(("x-sluice-revision", candidate))).Should().Be(candidate, "a caller may ask for it");
        (await story.Space.AskModelAsync("iris-preview", "v1/models/iris:predict", Iris.OneRow)).Code.Should().Be(System.Net.HttpStatusCode.OK);

        await story.ApplyAsync(Story.Second, With(blueGreen, $"approve: {{digest: {candidate}, throughStep: 0}}"));

        await story.EndsAsync("Promoted", candidate);
        await story.NobodyWasFailedAsync();
    }

    [PodFact]
    public async Task An_AB_test_keeps_its_users_while_it_grows()
    {
        const string test = "{strategy: ABTest, steps: [{weight: 20}, {weight: 60}], assignment: {header: x-user}}";
        await using var story = await Story.BeginAsync(cluster, test);
        var stable = await story.StableAsync();
        await story.ApplyAsync(Story.Second, test);
        var candidate = await story.CandidateAsync();
        await story.ShareAsync(20);
        var small = await UsersOfAsync(story, candidate);
        small.Should().BeEquivalentTo(await UsersOfAsync(story, candidate), "a user gets the same version each time");

        await story.ApplyAsync(Story.Second, With(test, $"approve: {{digest: {candidate}, throughStep: 0}}"));
        await story.ShareAsync(60);

        var large = await UsersOfAsync(story, candidate);
        large.Should().Contain(small).And.HaveCountGreaterThan(small.Count);
        (large.Count / (double)Users.Length).Should().BeApproximately(0.6, 0.15);
        await story.ApplyAsync(Story.Second, With(test, $"abort: {{digest: {candidate}}}"));
        await story.EndsAsync("Aborted", stable);
        (await UsersOfAsync(story, candidate)).Should().BeEmpty("a rollback is immune to assignment");
        await story.NobodyWasFailedAsync();
    }

    [PodFact]
    public async Task A_canary_by_hand_has_the_share_that_a_person_sets_and_is_promoted_when_the_field_goes()
    {
        const int requests = 10_000;
        await using var story = await Story.BeginAsync(cluster, "{}");
        await story.ApplyAsync(Story.Second, "{}", "canaryTrafficPercent: 10");
        var candidate = await story.CandidateAsync();
        await story.ShareAsync(10);

        var asked = TimeProvider.System.GetTimestamp();
        await story.ApplyAsync(Story.Second, "{}", "canaryTrafficPercent: 30");
        await story.ShareAsync(30);
        Measured.Report("a share applied by a person to all pods reporting it (1.5 s)", $"{TimeProvider.System.GetElapsedTime(asked).TotalMilliseconds:0} ms");

        foreach (var grpc in new[] { false, true })
        {
            var answered = await story.Load.BurstAsync(grpc, requests);
            (answered.GetValueOrDefault(candidate) * 100.0 / requests).Should().BeApproximately(30, 1, $"that is the share; gRPC: {grpc}");
        }

        await story.ApplyAsync(Story.Second, "{}");
        await story.EndsAsync("Promoted", candidate);
        await story.NobodyWasFailedAsync();
    }

    [PodFact]
    public async Task An_operator_that_is_killed_at_each_stage_leaves_a_rollout_that_the_next_one_ends()
    {
        await using var story = await Story.BeginAsync(cluster, Watched);
        await story.ApplyAsync(Story.Second, Watched);
        var candidate = await story.CandidateAsync();

        var stages = await story.AtEachStageAsync(_ => cluster.KillOperatorAsync());

        await story.EndsAsync("Promoted", candidate);
        stages.Should().Contain(["Analyzing", "Soaking"]);
        await story.NobodyWasFailedAsync();
    }

    [PodFact]
    public async Task Pods_that_go_at_each_stage_cost_nobody_an_answer()
    {
        await using var story = await Story.BeginAsync(cluster, Watched);
        var stable = await story.StableAsync();
        await story.ApplyAsync(Story.Second, Watched);
        var candidate = await story.CandidateAsync();

        var stages = await story.AtEachStageAsync(async stage =>
        {
            // One that users are sent to is asked to go; one that works for others is cut off in the middle of it. Long
            // before its promotion, because whoever is connected to a pod that is cut off loses an answer.
            var first = (int?)(await story.StatusAsync())["rollout"]?["step"] is null or 0;
            await story.RemovePodAsync(stable, force: false);
            await story.RemovePodAsync(candidate, force: first && stage is not ("Promoting" or "Soaking" or "Retiring"));
            await story.PodsAreBackAsync(stable);
            await story.PodsAreBackAsync(candidate);
        });

        await story.EndsAsync("Promoted", candidate);
        stages.Should().Contain("Analyzing");
        await story.NobodyWasFailedAsync();
    }

    [PodFact]
    public async Task A_stable_that_is_scaled_by_hand_gets_its_pods_back()
    {
        await using var story = await Story.BeginAsync(cluster, Patient);
        var stable = await story.StableAsync();
        await story.ApplyAsync(Story.Second, Patient);
        await story.ShareAsync(20);

        foreach (var replicas in new[] { 1, 4 })
        {
            await story.Space.Api.MergeAsync(story.Space.Path("deployments", stable), $$$"""{"spec": {"replicas": {{{replicas}}}}}""");
            await story.Space.TrueAsync("stable has two pods again", async () =>
                (int?)(await story.Space.GetAsync("deployments", stable))!["spec"]!["replicas"] == 2
                && (int?)(await story.StatusAsync())["stable"]!["readyReplicas"] == 2, Story.Service);
        }

        await story.ApplyAsync(Story.First, Patient);
        await story.EndsAsync("Superseded", stable);
        await story.NobodyWasFailedAsync();
    }

    static readonly string[] Users = [.. Enumerable.Range(0, 200).Select(static n => $"user-{n}")];

    static async Task<HashSet<string>> UsersOfAsync(Story story, string revision)
    {
        var mine = new HashSet<string>();
        foreach (var user in Users)
        {
            if (await story.Load.AskAsync(("x-user", user)) == revision)
                mine.Add(user);
        }

        return mine;
    }

    static string With(string rollout, string field) => $"{rollout[..^1]}, {field}}}";
}
