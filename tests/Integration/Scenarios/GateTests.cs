using Sluice.Integration.World;

namespace Sluice.Integration.Scenarios;

/// <summary>What the gates find out about real models, while users call.</summary>
[Collection(ClusterCollection.Name)]
public sealed class GateTests(Cluster cluster)
{
    [PodFact]
    public async Task Gates_that_pass_let_a_version_through_on_evidence()
    {
        const string canary = """
            {strategy: Canary, steps: [{shadow: {percent: 50}}, {weight: 20}, {weight: 50}], gates: [
              {name: errors, errorRate: {max: 0.2, maxOverStable: 0.2}}, {name: finite, nanRate: {max: 0.2}}, {name: tail, latency: {quantile: 0.5, max: 4s}}]}
            """;
        await using var story = await Story.BeginAsync(cluster, canary);

        await story.ApplyAsync(Story.Second, canary);
        var candidate = await story.CandidateAsync();

        await story.EndsAsync("Promoted", candidate);
        await story.NobodyWasFailedAsync();
    }
}
