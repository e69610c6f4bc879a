using System.Text;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Admin;

public sealed class RepositoryTests : IDisposable
{
    private const string Row = """{"instances":[[5.1,3.5,1.4,0.2]]}""";

    private readonly string root = Directory.CreateTempSubdirectory("sluice-repository").FullName;

    public RepositoryTests()
    {
        Put("iris/1", "iris/1");
        Put("nan/1", "nan/1");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Several_models_are_served_and_listed()
    {
        await using var runtime = await TestRuntime.StartAsync(root);

        (await runtime.GetAsync("/v1/models")).Text.Should().Be("""{"models":["iris","nan"]}""");
        (await runtime.PostAsync("/v1/models/nan:predict", """{"instances":[[4,4,4,4]]}""")).Status.Should().Be(200);
        (await runtime.PostAsync("/predict", "{}")).Error.Should().Contain("2 models");
        (await AdminAsync(runtime, "/v2/repository/index")).Text.Should().Be(
            """[{"name":"iris","version":"1","state":"READY","reason":""},{"name":"nan","version":"1","state":"READY","reason":""}]""");
    }

    [Fact]
    public async Task A_new_version_is_loaded_and_a_gone_one_dropped_while_requests_run()
    {
        await using var runtime = await TestRuntime.StartAsync(root);
        using var done = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                (await runtime.PostAsync("/v1/models/iris:predict", Row)).Status.Should().Be(200);
        });
        Put("iris/2", "iris/2");

        (await AdminAsync(runtime, "/v2/repository/models/iris/load")).Status.Should().Be(200);
        (await runtime.GetAsync("/v2/models/iris")).Text.Should().Contain("""versions":["1","2"]""");
        Directory.Delete(Path.Combine(root, "iris", "1"), recursive: true);
        (await AdminAsync(runtime, "/v2/repository/models/iris/load")).Status.Should().Be(200);
        (await runtime.GetAsync("/v2/models/iris")).Text.Should().Contain("""versions":["2"]""");

        await done.CancelAsync();
        await load;
    }

    [Fact]
    public async Task A_failed_load_keeps_what_serves_and_says_why()
    {
        await using var runtime = await TestRuntime.StartAsync(root);
        File.WriteAllBytes(Path.Combine(root, "iris", "1", "model.onnx"), File.ReadAllBytes(TestModels.File("broken/1")));

        var load = await AdminAsync(runtime, "/v2/repository/models/iris/load");

        load.Status.Should().Be(400);
        load.Error.Should().Contain("cut off");
        (await runtime.PostAsync("/v1/models/iris:predict", Row)).Status.Should().Be(200);
        (await AdminAsync(runtime, "/v2/repository/index")).Text.Should().Contain("serving what was loaded before");
    }

    [Fact]
    public async Task An_unloaded_model_answers_503_and_comes_back()
    {
        await using var runtime = await TestRuntime.StartAsync(root);

        (await AdminAsync(runtime, "/v2/repository/models/iris/unload")).Status.Should().Be(200);
        var gone = await runtime.PostAsync("/v1/models/iris:predict", Row);
        gone.Status.Should().Be(503);
        gone.Error.Should().Contain("unloaded");
        gone.Headers["Retry-After"].Should().Be("1");
        (await AdminAsync(runtime, "/v2/repository/index", """{"ready":true}""")).Text.Should().NotContain("iris");
        (await AdminAsync(runtime, "/v2/repository/models/iris/load")).Status.Should().Be(200);
        (await runtime.PostAsync("/v1/models/iris:predict", Row)).Status.Should().Be(200);
    }

    [Theory]
    [InlineData("/v2/repository/models/none/load", "", 404)]
    [InlineData("/v2/repository/models/none/unload", "", 404)]
    [InlineData("/v2/repository/models/..%2f..%2fetc/load", "", 404)]
    [InlineData("/v2/repository/models/iris/load", """{"parameters":{"config":"{}"}}""", 400)]
    [InlineData("/v2/repository/index", "{", 400)]
    public async Task What_cannot_be_done_is_told(string path, string body, int status)
    {
        await using var runtime = await TestRuntime.StartAsync(root);

        var answer = await AdminAsync(runtime, path, body);

        answer.Status.Should().Be(status, answer.Text);
        answer.Error.Should().NotContain(root);
    }

    [Fact]
    public async Task Statistics_add_up()
    {
        await using var runtime = await TestRuntime.StartAsync(root);
        for (var i = 0; i < 3; i++)
            await runtime.PostAsync("/v1/models/iris:predict", Row);
        await runtime.PostAsync("/v1/models/iris:predict", "{}");

        using var response = await runtime.Client.GetAsync(new Uri(runtime.Server.Admin, "/v2/models/iris/stats"));
        var answer = new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), new Dictionary<string, string>());

        var stats = answer.Json.GetProperty("model_stats")[0];
        stats.GetProperty("execution_count").GetInt64().Should().Be(3);
        var inference = stats.GetProperty("inference_stats");
        inference.GetProperty("success").GetProperty("count").GetInt64().Should().Be(3);
        inference.GetProperty("fail").GetProperty("count").GetInt64().Should().Be(1);
        inference.GetProperty("compute_infer").GetProperty("ns").GetInt64().Should().BePositive();
    }

    [Fact]
    public async Task What_was_counted_goes_on_after_a_model_was_unloaded_and_loaded_again()
    {
        await using var runtime = await TestRuntime.StartAsync(root);
        await runtime.PostAsync("/v1/models/iris:predict", Row);
        await AdminAsync(runtime, "/v2/repository/models/iris/unload");
        (await runtime.MetricsAsync()).Should().MatchRegex("(?m)^sluice_model_ready\\{model=\"iris\"[^}]*\\} 0$");
        await AdminAsync(runtime, "/v2/repository/models/iris/load");
        await runtime.PostAsync("/v1/models/iris:predict", Row);

        var stats = await runtime.Client.GetStringAsync(new Uri(runtime.Server.Admin, "/v2/models/iris/stats"));

        stats.Should().Contain("\"execution_count\":2,").And.Contain("\"success\":{\"count\":2,");
        (await runtime.MetricsAsync()).Should().MatchRegex("(?m)^sluice_model_ready\\{model=\"iris\"[^}]*\\} 1$");
    }

    [Fact]
    public async Task The_prediction_port_offers_no_repository()
    {
        await using var runtime = await TestRuntime.StartAsync(root);

        (await runtime.SendAsync(HttpMethod.Post, "/v2/repository/models/iris/unload", [])).Status.Should().Be(404);
    }

    private static Task<Answer> AdminAsync(TestRuntime runtime, string path, string body = "") =>
        runtime.SendAsync(HttpMethod.Post, new Uri(runtime.Server.Admin, path).ToString(), Encoding.UTF8.GetBytes(body));

    private void Put(string version, string model)
    {
        Directory.CreateDirectory(Path.Combine(root, version));
        File.Copy(TestModels.File(model), Path.Combine(root, version, "model.onnx"));
    }
}
