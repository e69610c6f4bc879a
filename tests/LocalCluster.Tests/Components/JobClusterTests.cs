namespace Sluice.LocalCluster.Tests.Components;

public sealed class JobClusterTests
{
    [Fact]
    public async Task A_job_completes_and_a_failing_one_fails()
    {
        await using var cluster = await TestCluster.StartAsync(("work", "echo done"), ("broken", "exit 3"));
        await cluster.ApplyAsync("""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: work}
            spec:
              completions: 3
              parallelism: 2
              template: {spec: {restartPolicy: Never, containers: [{name: main, image: work}]}}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata: {name: broken}
            spec:
              backoffLimit: 0
              template: {spec: {restartPolicy: Never, containers: [{name: main, image: broken}]}}
            """);

        await cluster.KubectlAsync("wait --for=condition=complete job/work --timeout=60s");
        await cluster.KubectlAsync("wait --for=condition=failed job/broken --timeout=60s");

        (await cluster.KubectlAsync("get job work -o jsonpath={.status.succeeded}")).Should().Be("3");
        (await cluster.KubectlAsync("get pods -l job-name=work --no-headers")).Should().Contain("Completed");
        (await cluster.KubectlAsync("get pods -l job-name=broken --no-headers")).Should().Contain("Error");
    }

    [Fact]
    public async Task A_job_made_from_a_cron_job_goes_with_it()
    {
        await using var cluster = await TestCluster.StartAsync(("work", "echo done"));
        await cluster.KubectlAsync("create cronjob nightly --image=work --schedule='0 3 * * *'".Replace('\'', '"'));
        await cluster.KubectlAsync("create job now --from=cronjob/nightly");
        await cluster.KubectlAsync("wait --for=condition=complete job/now --timeout=60s");

        await cluster.KubectlAsync("delete cronjob nightly --timeout=60s");

        await cluster.UntilAsync("get jobs -o name", text => text.Length == 0 || text.Contains("No resources"), "the job is collected");
    }
}
