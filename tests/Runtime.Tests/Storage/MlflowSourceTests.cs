using Sluice.Contract;
using Sluice.Runtime.Models;
using Sluice.Runtime.Storage;
using Sluice.Runtime.Tests.Storage.Spoken;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>Against a server that answers in the shapes of MLflow's REST API.</summary>
public sealed class MlflowSourceTests : IDisposable
{
    private readonly StorageFixture storage = new();
    private readonly SpokenMlflow spoken = new();

    public void Dispose() => storage.Dispose();

    [Theory]
    [InlineData("models:/churn/3")]
    [InlineData("models:/churn@champion")]
    [InlineData("models:/m-1")]
    [InlineData("runs:/run1/iris")]
    public async Task A_model_is_fetched_with_the_run_that_made_it(string address)
    {
        await using var server = await StartAsync();

        var digest = await storage.PullAsync(address);

        storage.Fetched().Should().Equal(StorageFixture.Model);
        storage.Fetched("MLmodel").Should().Equal(1);
        var report = Inspection.Of(storage.To, TimeProvider.System);
        report.Sha256.Should().Be(digest.Sha256, "lineage is no part of the artifact");
        report.Lineage.Should().Contain("run", "run1").And.Contain("param.depth", "5").And.Contain("param.rate", "0.1");
        report.Lineage!.GetValueOrDefault("version").Should().Be(address.StartsWith("models:/churn", StringComparison.Ordinal) ? "3" : null);
    }

    [Theory]
    [InlineData("mlflow-artifacts:/1/run1/artifacts/iris")]
    [InlineData("{0}api/2.0/mlflow-artifacts/artifacts/1/run1/artifacts/iris")]
    [InlineData("models:/m-1")]
    public async Task A_place_is_understood_in_each_form_that_servers_give(string place)
    {
        await using var server = await StartAsync();
        spoken.DownloadUri = string.Format(place, server.Address);

        await storage.PullAsync("models:/churn/3");

        storage.Fetched().Should().Equal(StorageFixture.Model);
    }

    [Fact]
    public async Task Artifacts_in_another_storage_are_fetched_from_there()
    {
        var s3 = new SpokenS3();
        s3.Files["churn/model.onnx"] = StorageFixture.Model;
        await using var bucket = await SpokenServer.StartAsync(s3);
        s3.Prepare(storage, bucket.Address);
        await using var server = await StartAsync();
        spoken.DownloadUri = "s3://models/churn";

        await storage.Secret("MLFLOW_TRACKING_TOKEN", "t0ken").PullAsync("models:/churn/3", StorageFixture.Sha256);

        server.Http.Requests.Should().OnlyContain(r => r.Headers["Authorization"] == "Bearer t0ken");
        bucket.Http.Requests.Should().OnlyContain(r => !r.Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData("file:///etc", "--serve-artifacts")]
    [InlineData("/mlruns/1", "--serve-artifacts")]
    [InlineData("dbfs:/models", "--serve-artifacts")]
    [InlineData("mlflow-artifacts://other.example/1", "other.example")]
    public async Task A_place_that_is_not_for_us_is_not_gone_to(string place, string says)
    {
        await using var server = await StartAsync();
        spoken.DownloadUri = place;

        (await storage.FailureAsync("models:/churn/3")).Message.Should().Contain(says);
    }

    [Theory]
    [InlineData("models:/churn/4", TerminationReasons.NotFound)]
    [InlineData("models:/churn@nobody", TerminationReasons.NotFound)]
    [InlineData("runs:/run2/iris", TerminationReasons.NotFound)]
    [InlineData("runs:/run1/nothing", TerminationReasons.NotFound)]
    [InlineData("models:/churn/Production", TerminationReasons.InvalidUri)]
    [InlineData("models:/churn/latest", TerminationReasons.InvalidUri)]
    [InlineData("models:/churn", TerminationReasons.InvalidUri)]
    [InlineData("runs:/run1/../x", TerminationReasons.InvalidUri)]
    public async Task What_cannot_be_had_has_its_reason(string address, string reason)
    {
        await using var server = await StartAsync();

        (await storage.FailureAsync(address)).Reason.Should().Be(reason);
    }

    [Fact]
    public async Task Without_a_tracking_server_it_says_what_to_set() =>
        (await storage.FailureAsync("models:/churn/3")).Message.Should().Contain("MLFLOW_TRACKING_URI");

    [Fact]
    public async Task A_model_is_not_held_back_because_its_run_is_gone()
    {
        await using var server = await StartAsync();
        server.Fault = context =>
        {
            var gone = context.Request.Path.Value!.EndsWith("/runs/get", StringComparison.Ordinal);
            if (gone)
                context.Response.StatusCode = 404;
            return Task.FromResult(gone);
        };

        await storage.PullAsync("models:/churn/3");

        storage.Fetched().Should().Equal(StorageFixture.Model);
        PullRecord.Read(storage.To)!.Lineage.Should().BeNull();
    }

    private async Task<SpokenServer> StartAsync()
    {
        spoken.Files["iris/model.onnx"] = StorageFixture.Model;
        spoken.Files["iris/MLmodel"] = [1];
        var server = await SpokenServer.StartAsync(spoken);
        spoken.Prepare(storage, server.Address);
        return server;
    }
}
