using System.Text;
using Sluice.Contract;

namespace Sluice.Runtime.Tests.Storage;

public sealed class S3SourceTests(S3Server server) : IClassFixture<S3Server>, IDisposable
{
    private readonly StorageFixture storage = new();

    public void Dispose() => storage.Dispose();

    [Theory]
    [InlineData("AWS_ENDPOINT_URL")]
    [InlineData("S3_ENDPOINT")]
    public async Task An_object_is_fetched_with_keys_by_the_names_of_KServe(string endpoint)
    {
        await server.PutAsync("iris/2/model.onnx", StorageFixture.Model);
        WithKeys().Secret(endpoint, endpoint == "S3_ENDPOINT" ? server.Address.Authority : server.Address.ToString());
        storage.Secret("S3_USE_HTTPS", "0");

        await storage.PullAsync("s3://models/iris/2/model.onnx", StorageFixture.Sha256);

        storage.Fetched().Should().Equal(StorageFixture.Model);
    }

    [Fact]
    public async Task A_folder_comes_with_its_external_data_and_its_digests()
    {
        await server.PutAsync("big one/model.onnx", StorageFixture.Model);
        await server.PutAsync("big one/weights/a+b=c.data", [1, 2, 3]);
        await server.PutAsync("big one/weights/empty.data", []);
        await server.PutAsync("big one/model.onnx.sha256", Encoding.ASCII.GetBytes(StorageFixture.Sha256));
        At().Secret("AWS_ACCESS_KEY_ID", S3Server.Key).Secret("AWS_SECRET_ACCESS_KEY", S3Server.Key);

        var digest = await storage.PullAsync("s3://models/big one");

        storage.Fetched("weights/a+b=c.data").Should().Equal(1, 2, 3);
        storage.Fetched("weights/empty.data").Should().BeEmpty();
        digest.Should().Be(Sluice.Runtime.Storage.Digest.Of(storage.To));
        Sluice.Runtime.Storage.Digest.FilesIn(storage.To).Should().HaveCount(3);
    }

    [Fact]
    public async Task A_digest_beside_an_object_that_says_otherwise_stops_it()
    {
        await server.PutAsync("wrong/model.onnx", StorageFixture.Model);
        await server.PutAsync("wrong/model.onnx.sha256", Encoding.ASCII.GetBytes(new string('0', 64)));
        At();

        (await storage.FailureAsync("s3://models/wrong/model.onnx")).Reason.Should().Be(TerminationReasons.DigestMismatch);
        (await storage.FailureAsync("s3://models/wrong")).Reason.Should().Be(TerminationReasons.DigestMismatch);
    }

    [Fact]
    public async Task Without_keys_access_is_anonymous_also_when_keys_are_there_and_it_is_asked_for()
    {
        await server.PutAsync("open/model.onnx", StorageFixture.Model);
        At();
        await storage.PullAsync("s3://models/open/model.onnx", StorageFixture.Sha256);
        Directory.Delete(storage.To, recursive: true);

        storage.Secret("AWS_ACCESS_KEY_ID", "nobody").Secret("AWS_SECRET_ACCESS_KEY", "wrong").Secret("awsAnonymousCredential", "true");
        await storage.PullAsync("s3://models/open/model.onnx", StorageFixture.Sha256);
    }

    [Fact]
    public async Task Unknown_keys_are_refused_with_the_reason_of_the_server()
    {
        await server.PutAsync("closed/model.onnx", StorageFixture.Model);
        At().Secret("AWS_ACCESS_KEY_ID", "NOBODY").Secret("AWS_SECRET_ACCESS_KEY", "hidden");

        var failure = await storage.FailureAsync("s3://models/closed/model.onnx");

        failure.Reason.Should().Be(TerminationReasons.AccessDenied);
        failure.Message.Should().Contain("InvalidAccessKeyId").And.Contain("Secret").And.NotContain("hidden");
    }

    [Theory]
    [InlineData("s3://models/nothing/here.onnx")]
    [InlineData("s3://models/nothing/")]
    [InlineData("s3://no-such-bucket/model.onnx")]
    public async Task What_is_not_there_is_not_found(string address)
    {
        At();
        (await storage.FailureAsync(address)).Reason.Should().Be(TerminationReasons.NotFound);
    }

    private StorageFixture At() => storage.Secret("AWS_ENDPOINT_URL", server.Address.ToString());

    private StorageFixture WithKeys() => storage.Secret("AWS_ACCESS_KEY_ID", S3Server.Key).Secret("AWS_SECRET_ACCESS_KEY", S3Server.Key);
}
