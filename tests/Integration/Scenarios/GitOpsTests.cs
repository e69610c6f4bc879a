using Sluice.Integration.World;
using Sluice.Support.Programs;

namespace Sluice.Integration.Scenarios;

/// <summary>What lies in Git is what is in the cluster, for kubectl and for whoever compares as it does.</summary>
[Collection(ClusterCollection.Name)]
public sealed class GitOpsTests(Cluster cluster)
{
    const string Rollout =
        "{strategy: Canary, gates: [], steps: [{shadow: {percent: 100, for: 4s}}, {weight: 20, for: 4s}, {weight: 50, for: 4s}], soak: 4s}";

    const int Looks = 10;

    /// <summary>As a client that keeps what it applied sees it, and as the server does that knows who wrote what.</summary>
    [PodFact]
    public Task A_synced_service_shows_no_difference_at_any_stage_of_a_rollout() =>
        Task.WhenAll(ShowsNoDifferenceAsync(), ShowsNoDifferenceAsync("--server-side", "--force-conflicts"));

    async Task ShowsNoDifferenceAsync(params string[] side)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-gitops-");
        try
        {
            string[] file = ["-f", Path.Combine(folder.FullName, "iris.yaml"), .. side];
            await using var story = await Story.BeginAsync(cluster, Rollout);
            await File.WriteAllTextAsync(file[1], story.Manifest(Story.Second, Rollout));
            (await DifferenceAsync(file)).Should().Contain("iris/2", "a difference is found where there is one");
            await KubectlAsync(0, ["apply", .. file]);
            var candidate = await story.CandidateAsync();

            var stages = await story.AtEachStageAsync(stage => IsSyncedAsync($"a rollout that is {stage} writes nothing but status", file));

            await story.EndsAsync("Promoted", candidate);
            await IsSyncedAsync("it is over", file);
            stages.Should().Contain(["Shadowing", "Analyzing", "Soaking"]);
            await story.NobodyWasFailedAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>kubectl reads twice, and takes a status that is written in between for a difference: the next look shows it no more.</summary>
    async Task IsSyncedAsync(string because, string[] file)
    {
        var difference = "";
        for (var look = 0; look < Looks && (look == 0 || difference.Length > 0); look++)
            difference = await DifferenceAsync(file);
        difference.Should().BeEmpty(because);
    }

    Task<string> DifferenceAsync(string[] file) => KubectlAsync(1, ["diff", .. file]);

    async Task<string> KubectlAsync(int highestCode, string[] arguments)
    {
        var (code, output) = await RunningProgram.RunAsync(Checkout.Tool("kubectl"), ["--kubeconfig", cluster.Kubeconfig, .. arguments]);
        code.Should().BeLessThanOrEqualTo(highestCode, $"kubectl {string.Join(' ', arguments)} says {output}");
        return output;
    }
}
