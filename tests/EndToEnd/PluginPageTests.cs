using System.Text.Json.Nodes;

namespace Sluice.EndToEnd;

/// <summary>docs/kubectl-sluice.md, done from the top to the bottom with the published file through the real kubectl.</summary>
[Collection(Pages.Name)]
public sealed class PluginPageTests(PageCluster cluster)
{
    [Fact]
    public async Task Everything_on_the_page_works()
    {
        var blocks = await PageCluster.BlocksAsync("kubectl-sluice.md");
        var shell = await cluster.OpenAsync("plugin");
        var said = new List<string>();
        foreach (var block in blocks)
            said.Add(await shell.DoAsync(block));

        var all = string.Concat(said);
        all.Should().NotContain("\e[", "nobody looks at a pipe's colours");
        all.Should().MatchRegex(@"plugin/iris +WaitsForPerson").And.Contain("> 0  25 % of the requests")
            .And.Contain("spec.rollout.abort.digest: (not set) -> ").And.Contain("Aborted").And.Contain("spec.rollout.retry")
            .And.Contain("spec.rollout.approve.digest").And.Contain("BECAUSE").And.Contain("DECIDED in attempt 2").And.Contain("answered by iris-")
            .And.Contain("lost: spec.transformer");
    }

    [Fact]
    public async Task What_is_written_by_the_command_is_owned_by_it_and_completion_asks_the_cluster()
    {
        var shell = await cluster.OpenAsync("plugin-edits");
        await shell.RunAsync("kubectl apply -f config/samples/iris.yaml");

        await shell.RunAsync("kubectl sluice pause iris");

        var service = JsonNode.Parse(await shell.RunAsync("kubectl get inferenceservice iris --show-managed-fields -o json"))!;
        service["metadata"]!["managedFields"]!.AsArray().Single(static m => m!["fieldsV1"]!["f:spec"]?["f:rollout"]?["f:paused"] is not null)!["manager"]!
            .ToString().Should().Be("kubectl-sluice");
        (await shell.RunAsync("kubectl-sluice __complete status ''")).Should().StartWith("iris\n");
        (await shell.RunAsync("""
            mkdir -p "$HOME/bin" && kubectl-sluice completion kubectl > "$HOME/bin/kubectl_complete-sluice" && chmod +x "$HOME/bin/kubectl_complete-sluice"
            PATH="$HOME/bin:$PATH" kubectl __complete sluice pro
            """)).Should().Contain("promote\t").And.NotContain("status\t");
        (await shell.RunAsync("""
            source <(kubectl-sluice completion bash)
            COMP_WORDS=(kubectl-sluice status i) COMP_CWORD=2
            _kubectl_sluice
            echo "${COMPREPLY[@]}"
            """)).Should().Be("iris\n");
        (await shell.RunAsync("kubectl sluice resume iris && kubectl sluice resume iris || echo ended with $?")).Should().Contain("ended with 4");
    }

    [Fact]
    public async Task What_becomes_of_KServes_services_is_accepted_by_the_cluster()
    {
        var shell = await cluster.OpenAsync("plugin-convert");

        var accepted = await shell.RunAsync("""
            kubectl create namespace shop
            for file in tests/Plugin.Tests/Conversion/kserve/*.yaml; do kubectl sluice convert -f "$file" | kubectl apply --dry-run=server -f -; done
            """);

        foreach (var service in (string[])["churn", "income", "mnist", "hadoop"])
            accepted.Should().Contain($"modelversion.sluice.dev/{service}-v1 created").And.Contain($"inferenceservice.sluice.dev/{service} created");
    }
}
