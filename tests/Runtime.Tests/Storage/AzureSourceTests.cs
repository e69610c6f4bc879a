using System.Text;
using Sluice.Contract;
using Sluice.Runtime.Storage.Azure;

namespace Sluice.Runtime.Tests.Storage;

public sealed class AzureSourceTests(AzureServer server) : IClassFixture<AzureServer>, IDisposable
{
    private readonly StorageFixture storage = new();

    public void Dispose() => storage.Dispose();

    [Theory]
    [InlineData("AZURE_STORAGE_KEY")]
    [InlineData("AZURE_STORAGE_ACCESS_KEY")]
    public async Task A_folder_is_fetched_with_the_key_of_the_account(string key)
    {
        await server.PutAsync("big one/model.onnx", StorageFixture.Model);
        await server.PutAsync("big one/weights/a+b=c.data", [1, 2, 3]);
        await server.PutAsync("big one/model.onnx.sha256", Encoding.ASCII.GetBytes(StorageFixture.Sha256));
        At().Secret(key, AzureServer.Key);

        var digest = await storage.PullAsync("azure-blob://devstoreaccount1/models/big one");

        storage.Fetched("weights/a+b=c.data").Should().Equal(1, 2, 3);
        digest.Should().Be(Sluice.Runtime.Storage.Digest.Of(storage.To));
        Sluice.Runtime.Storage.Digest.FilesIn(storage.To).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("azure-blob://devstoreaccount1/models/iris/2/model.onnx")]
    [InlineData("https://devstoreaccount1.blob.core.windows.net/models/iris/2/model.onnx")]
    [InlineData("wasbs://models@devstoreaccount1.blob.core.windows.net/iris/2/model.onnx")]
    [InlineData("abfss://models@devstoreaccount1.dfs.core.windows.net/iris/2/model.onnx")]
    public async Task A_blob_is_fetched_by_every_way_to_write_its_address(string address)
    {
        await server.PutAsync("iris/2/model.onnx", StorageFixture.Model);

        await At().Secret("AZURE_STORAGE_SAS_TOKEN", AzureServer.Signature).PullAsync(address, StorageFixture.Sha256);

        storage.Fetched().Should().Equal(StorageFixture.Model);
    }

    [Fact]
    public async Task A_connection_string_is_all_that_is_needed()
    {
        await server.PutAsync("connected/model.onnx", StorageFixture.Model);
        storage.Secret(
            "AZURE_STORAGE_CONNECTION_STRING",
            $"DefaultEndpointsProtocol=http;AccountName={AzureServer.Account};AccountKey={AzureServer.Key};BlobEndpoint={server.Endpoint};");

        await storage.PullAsync("azure-blob://devstoreaccount1/models/connected/model.onnx", StorageFixture.Sha256);
        Directory.Delete(storage.To, recursive: true);

        (await storage.FailureAsync("azure-blob://another/models/connected/model.onnx")).Reason.Should().Be(TerminationReasons.InvalidOptions);
    }

    [Fact]
    public async Task A_public_container_needs_no_credentials_and_a_closed_one_refuses()
    {
        await server.PutAsync("iris/model.onnx", StorageFixture.Model, AzureServer.PublicContainer);
        await server.PutAsync("iris/model.onnx", StorageFixture.Model);
        storage.Variables["AZURE_STORAGE_SERVICE_ENDPOINT"] = server.Endpoint.ToString();

        await storage.PullAsync("azure-blob://devstoreaccount1/open/iris", StorageFixture.Sha256);
        Directory.Delete(storage.To, recursive: true);

        (await storage.FailureAsync("azure-blob://devstoreaccount1/models/iris")).Message.Should().Contain("credentials.secretName");
    }

    [Theory]
    [InlineData("AZURE_STORAGE_KEY", "d3Jvbmc=", TerminationReasons.AccessDenied, "AuthorizationFailure")]
    [InlineData("AZURE_STORAGE_SAS_TOKEN", "?sv=2021-12-02&ss=b&srt=sco&sp=rl&se=2099-01-01T00%3A00%3A00Z&sig=hidden", TerminationReasons.AccessDenied, "Authorization")]
    [InlineData("AZURE_STORAGE_KEY", "no base64!", TerminationReasons.InvalidOptions, "base64")]
    public async Task Wrong_credentials_are_refused_and_not_shown(string key, string value, string reason, string says)
    {
        await server.PutAsync("iris/model.onnx", StorageFixture.Model);

        var failure = await At().Secret(key, value).FailureAsync("azure-blob://devstoreaccount1/models/iris/model.onnx");

        failure.Reason.Should().Be(reason);
        failure.Message.Should().Contain(says).And.NotContain("hidden");
    }

    [Theory]
    [InlineData("azure-blob://devstoreaccount1/models/nothing.onnx")]
    [InlineData("azure-blob://devstoreaccount1/no-such-container/model.onnx")]
    public async Task What_is_not_there_is_not_found(string address)
    {
        At().Secret("AZURE_STORAGE_KEY", AzureServer.Key);
        (await storage.FailureAsync(address)).Reason.Should().Be(TerminationReasons.NotFound);
    }

    [Theory]
    [InlineData("azure-blob://account")]
    [InlineData("wasbs://models@evil.example/x.onnx")]
    [InlineData("wasbs://account.blob.core.windows.net/x.onnx")]
    [InlineData("azure-blob://UPPER/models/x.onnx")]
    [InlineData("azure-blob://account/models/a/../b")]
    public async Task An_address_that_names_no_blob_is_refused_at_once(string address) =>
        (await storage.FailureAsync(address)).Reason.Should().Be(TerminationReasons.InvalidUri);

    [Fact]
    public void An_https_address_is_escaped_and_keeps_its_cloud()
    {
        var place = AzureAddress.Parse("https://account.blob.core.chinacloudapi.cn/models/big%20one/model.onnx");

        place.Should().Be(new AzureAddress("account", new Uri("https://account.blob.core.chinacloudapi.cn"), "models", "big one/model.onnx"));
        AzureAddress.IsBlobHost("https://account.blob.core.windows.net/models/model.onnx?sig=x").Should().BeFalse("it is signed already");
    }

    private StorageFixture At() => storage.Secret("AZURE_STORAGE_SERVICE_ENDPOINT", server.Endpoint.ToString());
}
