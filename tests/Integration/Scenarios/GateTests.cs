using System.Text.Json.Nodes;
using Sluice.Integration.World;
using Sluice.Support.Programs;

namespace Sluice.Integration.Scenarios;

/// <summary>What the gates find out about real models, while users call or do not.</summary>
[Collection(ClusterCollection.Name)]
public sealed class GateTests(Cluster cluster)
{
    [PodFact]
    public async Task Gates_that_pass_let_a_version_through_on_evidence_and_its_record_decides_the_same_again()
    {
        const string canary = """
            {strategy: Canary, steps: [{shadow: {percent: 50}}, {weight: 20}, {weight: 50}], gates: [
              {name: errors, errorRate: {max: 0.2, maxOverStable: 0.2}}, {name: finite, nanRate: {max: 0.2, maxOverStable: 0.2}},
              {name: tail, latency: {quantile: 0.5, max: 4s}}, {name: same, agreement: {min: 0.1}}]}
            """;
        await using var story = await Story.BeginAsync(cluster, canary);

        await story.ApplyAsync(Story.Second, canary);
        var candidate = await story.CandidateAsync();

        await story.EndsAsync("Promoted", candidate);
        await story.NobodyWasFailedAsync();
        var record = await story.Space.UntilAsync(
            "the end is in the record", async () => await story.Space.GetAsync("configmaps", "iris-attempt-2"), Story.Service);
        var (code, said) = await ReplayAsync(record);
        code.Should().Be(0, said);
        said.Should().Contain("decisions come out the same").And.Contain("same Pass").And.Contain("finite Pass").And.NotContain("DIFFERENT");
    }

    [PodFact]
    public async Task Without_traffic_a_canary_is_held_with_the_reason_and_can_be_taken_back()
    {
        const string canary = "strategy: Canary, steps: [{shadow: {percent: 20}}, {weight: 50}]";
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("one", "iris/1/model.onnx");
        await space.ModelVersionAsync("two", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "one", spec: $"rollout: {{{canary}}}");
        await space.ReadyAsync("iris");
        var stable = await space.StableAsync("iris");

        await space.ServiceAsync("iris", "two", spec: $"rollout: {{{canary}}}");

        var held = await space.ConditionIsAsync("iris", "GatesPassed", "Unknown", "Undecided");
        ((string?)held["message"]).Should().Contain("errors: no requests of the candidate have been seen").And.Contain("agreement: no answers have been compared");
        var status = await space.UntilAsync("it says that it waits for the gates", async () =>
            (await space.GetAsync("inferenceservices", "iris"))!["status"] is { } now && ((string?)now["rollout"]?["nextAction"])?.Contains("undecided", StringComparison.Ordinal) is true ? now : null, "iris");
        ((int?)status["rollout"]!["weightDesired"] ?? 0).Should().Be(0);
        status["rollout"]!["evidence"]!.AsArray().Should().HaveCount(4).And.OnlyContain(static e => (string?)e!["verdict"] == "Undecided");

        await space.ServiceAsync("iris", "two", spec: $"rollout: {{{canary}, abort: {{digest: {status["candidate"]!["digest"]}}}}}");

        await space.TrueAsync("it is taken back", async () =>
            (await space.GetAsync("inferenceservices", "iris"))!["status"] is { } now && now["candidate"] is null && (string?)now["history"]?[0]?["outcome"] == "Aborted", "iris");
        (await space.StableAsync("iris")).Should().Be(stable);
    }

    static async Task<(int Code, string Output)> ReplayAsync(JsonNode record)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, record.ToJsonString());
            return await RunningProgram.RunAsync(Checkout.Published("sluice-operator"), ["replay", "-f", file], limit: TimeSpan.FromMinutes(2));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
