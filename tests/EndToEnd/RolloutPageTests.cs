using Sluice.Support.Http;

namespace Sluice.EndToEnd;

/// <summary>docs/rollouts.md, done from the top to the bottom as it stands there, while users call.</summary>
[Collection(Pages.Name)]
public sealed class RolloutPageTests(PageCluster cluster)
{
    [Fact]
    public async Task Everything_on_the_page_works_and_no_user_notices()
    {
        var blocks = await PageCluster.BlocksAsync("rollouts.md");
        blocks.Should().HaveCountGreaterThan(10);
        var shell = await cluster.OpenAsync("rollouts");
        await shell.DoAsync(blocks[0]);
        var address = await shell.RunAsync("kubectl get service iris -o jsonpath='{.spec.clusterIP}'");
        await using var users = Users.Of(new Uri($"http://{address.Trim()}/v1/models/iris:predict"));
        foreach (var block in blocks.Skip(1))
            await shell.DoAsync(block);
        (await shell.RunAsync("kubectl get inferenceservice iris -o jsonpath='{.status.conditions[?(@.type==\"Stalled\")].reason}'"))
            .Trim().Should().Be("GatewayApiMissing");
        var (answered, failures) = await users.LeaveAsync();
        failures.Should().BeEmpty();
        answered.Should().BePositive();
        Support.Measuring.Measured.Report("users' requests during docs/rollouts.md", $"{answered}, none failed");
    }
}
