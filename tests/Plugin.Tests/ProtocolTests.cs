using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Plugin.Hosting;
using Sluice.Plugin.Tests.Support;
using Sluice.Support.Http;

namespace Sluice.Plugin.Tests;

/// <summary>What goes over the wire, and what becomes of each answer.</summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    const string Services = "/apis/sluice.dev/v1alpha1/namespaces/shop/inferenceservices";
    JsonObject _service = Sample.Json("gates");
    PluginRun _run = null!;

    public async Task InitializeAsync() => _run = await PluginRun.StartAsync(AnswerAsync);

    public async Task DisposeAsync() => await _run.DisposeAsync();

    [Fact]
    public async Task The_status_of_a_service_is_one_GET()
    {
        var (code, output, error) = await _run.RunAsync("status iris");

        (code, error).Should().Be((0, ""));
        output.Should().StartWith("shop/iris").And.Contain("iris-3").And.NotContain("\e");
        _run.Requests.Should().ContainSingle().Which.Path.Should().Be($"{Services}/iris");
    }

    [Theory]
    [InlineData("settled", ExitCodes.Done)]
    [InlineData("gates", ExitCodes.UnderWay)]
    [InlineData("shifting-paused", ExitCodes.WaitsForPerson)]
    [InlineData("rolled-back", ExitCodes.Stopped)]
    [InlineData("new", ExitCodes.UnderWay)]
    public async Task A_script_reads_the_state_from_the_exit_code(string sample, int expected)
    {
        _service = Sample.Json(sample);

        var (code, output, _) = await _run.RunAsync("status iris --exit-code -o json");

        code.Should().Be(expected);
        ((int?)JsonNode.Parse(output)!["exitCode"]).Should().Be(expected);
        (await _run.RunAsync("status iris")).Code.Should().Be(0);
    }

    [Fact]
    public async Task Aborting_is_one_merge_patch_that_names_the_digest()
    {
        var (code, output, _) = await _run.RunAsync("abort iris");

        code.Should().Be(0, output);
        output.Should().Contain("spec.rollout.abort.digest: (not set) -> sha256:3a3b");
        var patch = _run.Requests.Single(static r => r.Method == "PATCH");
        patch.Path.Should().Be($"{Services}/iris");
        patch.Headers["Content-Type"].Should().StartWith("application/merge-patch+json");
        patch.Headers["User-Agent"].Should().Be("kubectl-sluice", "the server names the field manager after it");
        patch.Text.Should().MatchRegex("^{\"spec\":{\"rollout\":{\"abort\":{\"digest\":\"sha256:[0-9a-f]{64}\"}}}}$");
    }

    [Fact]
    public async Task A_dry_run_sends_nothing()
    {
        var (code, output, _) = await _run.RunAsync("pause iris --dry-run -o json");

        code.Should().Be(0);
        ((string?)JsonNode.Parse(output)!["changes"]![0]!["path"]).Should().Be("spec.rollout.paused");
        _run.Requests.Should().OnlyContain(static r => r.Method == "GET");
    }

    [Fact]
    public async Task What_makes_no_sense_now_changes_nothing_and_has_its_own_code()
    {
        var (code, _, error) = await _run.RunAsync("resume iris");

        code.Should().Be(ExitCodes.NotNow);
        error.Should().Contain("resume shop/iris: nothing was changed: it is not paused");
        _run.Requests.Should().OnlyContain(static r => r.Method == "GET");
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_named_with_its_namespace()
    {
        var (code, _, error) = await _run.RunAsync("why other -n elsewhere");

        code.Should().Be(ExitCodes.NotFound);
        error.Should().Contain("There is no InferenceService other in namespace elsewhere");
    }

    [Fact]
    public async Task A_cluster_without_Sluice_is_told_apart_from_a_missing_service()
    {
        var (code, _, error) = await _run.RunAsync("status iris -n nokind");

        code.Should().Be(ExitCodes.Failed);
        error.Should().Contain("Sluice is not installed");
    }

    [Fact]
    public async Task What_is_forbidden_says_what_and_where_the_rights_are_listed()
    {
        var (code, _, error) = await _run.RunAsync("history iris -n secret");

        code.Should().Be(ExitCodes.Failed);
        error.Should().Contain("you may not").And.Contain("docs/kubectl-sluice.md");
    }

    [Theory]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("status", "NAME")]
    [InlineData("status iris -o yaml", "yaml")]
    [InlineData("promote iris --through-step -1", "-1")]
    [InlineData("watch iris --timeout soon", "soon")]
    public async Task A_wrong_command_line_does_nothing_and_ends_with_2(string arguments, string named)
    {
        var (code, _, error) = await _run.RunAsync(arguments);

        code.Should().Be(ExitCodes.Usage);
        error.Should().Contain(named).And.Contain("--help");
        _run.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Events_explain_and_their_absence_is_no_error()
    {
        (await _run.RunAsync("why iris")).Out.Should().Contain("RolloutStarted: iris-3 starts");

        var (code, output, error) = await _run.RunAsync("why iris -n noevents");
        code.Should().Be(0);
        output.Should().Contain("BECAUSE");
        error.Should().Contain("Events are left out");
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_said_and_costs_no_explanation()
    {
        var (code, output, error) = await _run.RunAsync("why iris");
        (code, output.Contains("BECAUSE", StringComparison.Ordinal)).Should().Be((0, true));
        error.Should().Contain("the record of attempt 3 is left out").And.Contain("iris-attempt-3 cannot be read");

        (await _run.RunAsync("history iris --attempt 3")).Code.Should().Be(ExitCodes.Failed);
        var missing = await _run.RunAsync("history iris --attempt 9");
        missing.Code.Should().Be(ExitCodes.NotFound);
        missing.Error.Should().Contain("no record of attempt 9: the latest 5 are kept");
    }

    [Fact]
    public async Task Rows_go_through_the_proxy_of_the_API_server_and_predictions_come_one_a_line()
    {
        var (code, output, error) = await _run.RunAsync("predict iris -f -", "[[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]");

        (code, output).Should().Be((0, "0\n2\n"));
        error.Should().Contain("answered by iris-7k2m9xwz");
        var request = _run.Requests.Single(static r => r.Method == "POST");
        request.Path.Should().Be("/api/v1/namespaces/shop/services/iris:80/proxy/v1/models/iris:predict");
        JsonNode.Parse(request.Text)!["instances"]!.AsArray().Should().HaveCount(2);
    }

    [Fact]
    public async Task The_candidate_is_asked_at_its_own_Service()
    {
        await _run.RunAsync($"predict iris --revision candidate -f {_run.Write("rows.json", "{\"a\": 1}")}");

        _run.Requests.Single(static r => r.Method == "POST").Path.Should().StartWith("/api/v1/namespaces/shop/services/iris-9wwsc8fs:80/proxy/");
    }

    [Fact]
    public async Task A_row_that_the_model_refuses_has_its_own_code()
    {
        var (code, _, error) = await _run.RunAsync("predict iris -f -", "[\"bad\"]");

        code.Should().Be(ExitCodes.ModelRefused);
        error.Should().Contain("400").And.Contain("input x wants numbers");
    }

    [Fact]
    public async Task Rows_that_are_no_JSON_say_where()
    {
        var (code, _, error) = await _run.RunAsync("predict iris -f -", "[[1,\n2,,]]");

        code.Should().Be(ExitCodes.Failed);
        error.Should().Contain("standard input: line 2");
        (await _run.RunAsync("predict iris -f /does/not/exist")).Error.Should().Contain("/does/not/exist cannot be read");
    }

    [Fact]
    public async Task Logs_of_several_pods_bear_the_names_of_the_pods()
    {
        var (code, output, error) = await _run.RunAsync("logs iris --tail 5 --since 1m");

        code.Should().Be(0);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().BeEquivalentTo("[pod-a] one", "[pod-a] two");
        error.Should().Contain("logs of pod-b: container \"runtime\" is waiting to start");
        _run.Requests.Single(static r => r.Path.EndsWith("pod-a/log", StringComparison.Ordinal)).QueryString
            .Should().Be("?container=runtime&tailLines=5&sinceSeconds=60");
    }

    [Fact]
    public async Task Watching_ends_with_the_state_when_it_is_settled()
    {
        var (code, output, error) = await _run.RunAsync("watch iris --until-settled --timeout 1m");

        code.Should().Be(0, error);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
        output.Should().Contain("UnderWay: iris-3 Analyzing step 1 5 % of 5 %").And.Contain("Settled: iris-2 serves");
    }

    [Fact]
    public async Task Watching_ends_when_the_time_is_over()
    {
        var (code, _, error) = await _run.RunAsync("watch iris -n slow --until-settled --timeout 1s");

        code.Should().Be(ExitCodes.TimedOut);
        error.Should().Contain("not settled within 1s");
    }

    [Fact]
    public async Task Completion_knows_commands_options_and_services()
    {
        (await _run.RunAsync("completion bash")).Out.Should().Contain("complete -o default -F");
        (await CompletedAsync("pro")).Should().Equal("promote");
        (await CompletedAsync("status", "--kubeconfig", _run.Kubeconfig, "")).Should().Equal("iris");
        (await CompletedAsync("status", "iris", "--help", "--ex")).Should().Equal("--exit-code");
        (await CompletedAsync("predict", "iris", "--revision", "c")).Should().Equal("candidate");
        (await CompletedAsync("status", "iris", "-o", "")).Should().BeEquivalentTo("json", "text");
        (await CompletedAsync("completion", "z")).Should().Equal("zsh");
    }

    static async Task<string[]> CompletedAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var input = new StringReader("");
        var code = await new CommandLine(new Terminal { Out = output, Error = TextWriter.Null, In = input }).RunAsync(["__complete", .. words]);
        code.Should().Be(0);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[^1].Should().StartWith(":");
        return [.. lines[..^1].Select(static l => l.Split('\t')[0])];
    }

    async Task AnswerAsync(HttpContext context)
    {
        var request = RecordedRequest.Of(context);
        var (method, path) = (request.Method, request.Path);
        if (path.Contains("/namespaces/nokind/", StringComparison.Ordinal))
            await StatusAsync(context, 404, "NotFound", "the server could not find the requested resource", null);
        else if (path.Contains("/namespaces/secret/", StringComparison.Ordinal) || path.Contains("/noevents/events", StringComparison.Ordinal))
            await StatusAsync(context, 403, "Forbidden", "you may not", null);
        else if (path.EndsWith("/inferenceservices/other", StringComparison.Ordinal))
            await StatusAsync(context, 404, "NotFound", "inferenceservices.sluice.dev \"other\" not found", "other");
        else if (path.EndsWith("/inferenceservices/iris", StringComparison.Ordinal))
            await context.Response.WriteAsync(_service.ToJsonString());
        else if (path.EndsWith("/inferenceservices", StringComparison.Ordinal))
            await WatchAsync(context, request);
        else if (path.EndsWith("/events", StringComparison.Ordinal))
            await context.Response.WriteAsync("""{"metadata": {}, "items": [{"metadata": {"name": "e", "namespace": "shop"}, "eventTime": "2026-03-01T11:40:00.000000Z", "type": "Normal", "reason": "RolloutStarted", "note": "iris-3 starts", "regarding": {"kind": "InferenceService", "name": "iris", "uid": "u-1"}}]}""");
        else if (path.EndsWith("/configmaps/iris-attempt-3", StringComparison.Ordinal))
            await context.Response.WriteAsync("""{"metadata": {"name": "iris-attempt-3", "namespace": "shop", "ownerReferences": [{"apiVersion": "sluice.dev/v1alpha1", "kind": "InferenceService", "name": "iris", "uid": "u-1", "controller": true}]}, "binaryData": {"record.json.gz": "e30="}}""");
        else if (path.Contains("/configmaps/", StringComparison.Ordinal))
            await StatusAsync(context, 404, "NotFound", "configmaps not found", null);
        else if (path.EndsWith("/pods", StringComparison.Ordinal))
            await context.Response.WriteAsync("""{"metadata": {}, "items": [{"metadata": {"name": "pod-b", "namespace": "shop"}}, {"metadata": {"name": "pod-a", "namespace": "shop"}}]}""");
        else if (path.EndsWith("/pod-a/log", StringComparison.Ordinal))
            await context.Response.WriteAsync("one\ntwo\n");
        else if (path.EndsWith("/pod-b/log", StringComparison.Ordinal))
            await StatusAsync(context, 400, "BadRequest", "container \"runtime\" is waiting to start", null);
        else if (method == "POST")
            await PredictAsync(context, request);
        else
            context.Response.StatusCode = 501;
    }

    static async Task PredictAsync(HttpContext context, RecordedRequest request)
    {
        context.Response.Headers["x-sluice-revision"] = "iris-7k2m9xwz";
        if (request.Text.Contains("bad", StringComparison.Ordinal))
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("""{"error": "input x wants numbers"}""");
            return;
        }

        await context.Response.WriteAsync("""{"predictions": [0, 2]}""");
    }

    /// <summary>One list; then a watch in which the service settles, unless it is slow.</summary>
    async Task WatchAsync(HttpContext context, RecordedRequest request)
    {
        if (request.Query("watch") is null)
        {
            await context.Response.WriteAsync($$"""{"metadata": {"resourceVersion": "1"}, "items": [{{_service.ToJsonString()}}]}""");
            return;
        }

        if (!request.Path.Contains("/slow/", StringComparison.Ordinal))
        {
            var settled = Sample.Json("settled");
            settled["metadata"]!["resourceVersion"] = "2";
            await context.Response.WriteAsync(new JsonObject { ["type"] = "MODIFIED", ["object"] = settled }.ToJsonString() + "\n");
        }

        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    }

    static Task StatusAsync(HttpContext context, int code, string reason, string message, string? name)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsync(new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["status"] = "Failure",
            ["reason"] = reason,
            ["message"] = message,
            ["code"] = code,
            ["details"] = name is null ? null : new JsonObject { ["name"] = name },
        }.ToJsonString());
    }
}
