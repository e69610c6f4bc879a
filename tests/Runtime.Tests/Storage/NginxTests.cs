using Sluice.Contract;

namespace Sluice.Runtime.Tests.Storage;

public sealed class NginxTests(NginxServer server) : IClassFixture<NginxServer>, IDisposable
{
    private readonly StorageFixture storage = new();

    public void Dispose() => storage.Dispose();

    [Theory]
    [InlineData("plain/iris/model.onnx")]
    [InlineData("old/plain/iris/model.onnx")]
    public async Task A_file_is_fetched_also_after_it_has_moved(string path)
    {
        server.Put("plain/iris/model.onnx", StorageFixture.Model);
        server.Put("plain/iris/model.onnx.sha256", System.Text.Encoding.ASCII.GetBytes(StorageFixture.Sha256 + "  model.onnx\n"));

        await storage.PullAsync(Address(path));

        storage.Fetched().Should().Equal(StorageFixture.Model);
    }

    [Fact]
    public async Task A_password_is_asked_for_and_given()
    {
        server.Put("secret/model.onnx", StorageFixture.Model);
        (await storage.FailureAsync(Address("locked/secret/model.onnx"))).Reason.Should().Be(TerminationReasons.AccessDenied);

        await storage.Secret("username", "jane").Secret("password", "s3cret").PullAsync(Address("locked/secret/model.onnx"), StorageFixture.Sha256);
    }

    [Theory]
    [InlineData("plain/nothing.onnx", TerminationReasons.NotFound)]
    [InlineData("closed/model.onnx", TerminationReasons.AccessDenied)]
    [InlineData("loop/model.onnx", TerminationReasons.Unreachable)]
    [InlineData("busy/model.onnx", TerminationReasons.Unreachable)]
    public async Task What_cannot_be_had_has_its_reason(string path, string reason)
    {
        storage.RetryFor = TimeSpan.Zero;
        (await storage.FailureAsync(Address(path))).Reason.Should().Be(reason);
    }

    private string Address(string path) => new Uri(server.Address, path).ToString();
}
