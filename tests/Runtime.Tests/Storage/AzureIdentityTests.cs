using Microsoft.AspNetCore.Http;
using Sluice.Contract;
using Sluice.Runtime.Tests.Storage.Spoken;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>Tokens of Entra ID and of a node's identity, by the protocols of their public descriptions.</summary>
public sealed class AzureIdentityTests : IDisposable
{
    private const string Model = "azure-blob://account/models/iris";
    private static readonly string[] Loopback = ["127.0.0.1"];
    private readonly StorageFixture storage = new();
    private readonly Certificates certificates = new();
    private readonly SpokenAzure spoken = new();

    public void Dispose()
    {
        storage.Dispose();
        certificates.Dispose();
    }

    [Theory]
    [InlineData("AZURE_CLIENT_SECRET", "client_secret=s3cret")]
    [InlineData("AZ_CLIENT_SECRET", "client_secret=s3cret")]
    [InlineData("AZURE_FEDERATED_TOKEN_FILE", "client_assertion=jwt")]
    public async Task An_application_gets_a_token_for_its_secret_or_for_the_token_of_the_pod(string key, string shown)
    {
        await using var blobs = await BlobsAsync();
        await using var authority = await AuthorityAsync(static context =>
            AnswerAsync(context, """{"token_type": "Bearer", "expires_in": 3599, "access_token": "eyJ0.token"}"""));
        storage.Secret("jwt", "jwt\n");
        Application(key.StartsWith("AZ_", StringComparison.Ordinal) ? "AZ" : "AZURE", authority)
            .Secret(key, key.EndsWith("FILE", StringComparison.Ordinal) ? storage.SecretFile("jwt") : "s3cret");

        await storage.PullAsync(Model, StorageFixture.Sha256);

        var asked = authority.Requests.Should().ContainSingle("the token is kept").Subject;
        asked.Path.Should().Be("/tenant/oauth2/v2.0/token");
        asked.Text.Should().Contain(shown).And.Contain("scope=https%3A%2F%2Fstorage.azure.com%2F.default").And.Contain("client_id=app");
        blobs.Http.Requests.Should().OnlyContain(r => r.Headers["Authorization"] == "Bearer eyJ0.token" && r.Headers.ContainsKey("x-ms-version"));
    }

    [Fact]
    public async Task A_pod_takes_the_identity_of_its_node_when_it_is_told_to()
    {
        await using var blobs = await BlobsAsync();
        await using var node = await LoopbackServer.StartAsync(static context => AnswerAsync(
            context, """{"token_type": "Bearer", "expires_in": "3599", "expires_on": "4102444800", "resource": "https://storage.azure.com", "access_token": "of-the-node"}"""));
        storage.Line = usual => new Diverted(uri => uri.Host == "169.254.169.254" ? new Uri(node.Address, uri.PathAndQuery) : uri, usual);
        storage.Secret("AZURE_USE_MANAGED_IDENTITY", "true").Secret("AZURE_CLIENT_ID", "user-assigned");

        await storage.PullAsync(Model, StorageFixture.Sha256);

        blobs.Http.Requests.Should().OnlyContain(r => r.Headers["Authorization"] == "Bearer of-the-node");
        node.Requests[^1].Headers["Metadata"].Should().Be("true");
    }

    [Fact]
    public async Task A_refused_application_is_access_denied_with_the_clouds_reason_and_without_the_secret()
    {
        await using var blobs = await BlobsAsync();
        await using var authority = await AuthorityAsync(static context =>
        {
            context.Response.StatusCode = 401;
            return AnswerAsync(context, """{"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1", "error_codes": [7000215]}""");
        });
        Application("AZURE", authority).Secret("AZURE_CLIENT_SECRET", "hidden");

        var failure = await storage.FailureAsync(Model);

        failure.Reason.Should().Be(TerminationReasons.AccessDenied);
        failure.Message.Should().Contain("AADSTS7000215").And.NotContain("hidden").And.NotContain("Trace");
    }

    [Fact]
    public async Task An_authority_that_is_down_is_asked_again()
    {
        var outages = 0;
        await using var blobs = await BlobsAsync();
        await using var authority = await AuthorityAsync(context =>
        {
            if (outages++ < 3)
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            }
            return AnswerAsync(context, """{"token_type": "Bearer", "expires_in": 3599, "access_token": "late"}""");
        });
        Application("AZURE", authority).Secret("AZURE_CLIENT_SECRET", "s3cret");

        await storage.PullAsync(Model, StorageFixture.Sha256);

        blobs.Http.Requests.Should().OnlyContain(r => r.Headers["Authorization"] == "Bearer late");
    }

    [Theory]
    [InlineData("AZURE_CLIENT_SECRET", "s", "AZURE_TENANT_ID")]
    [InlineData("AZURE_AUTHORITY_HOST", "http://plain", "https://HOST")]
    [InlineData("AZURE_FEDERATED_TOKEN_FILE", "/no/such/token", "/no/such/token")]
    public async Task What_cannot_be_used_is_named(string key, string value, string says)
    {
        storage.Secret(key, value);
        if (key != "AZURE_CLIENT_SECRET")
            storage.Secret("AZURE_CLIENT_ID", "app").Secret("AZURE_TENANT_ID", "tenant");
        if (key == "AZURE_AUTHORITY_HOST")
            storage.Secret("AZURE_CLIENT_SECRET", "s");

        var failure = await storage.FailureAsync(Model);

        failure.Reason.Should().Be(TerminationReasons.InvalidOptions);
        failure.Message.Should().Contain(says);
    }

    private async Task<SpokenServer> BlobsAsync()
    {
        spoken.Files["iris/model.onnx"] = StorageFixture.Model;
        var blobs = await SpokenServer.StartAsync(spoken);
        spoken.Prepare(storage, blobs.Address);
        return blobs;
    }

    /// <summary>Over TLS, because the library speaks nothing else to an authority.</summary>
    private async Task<LoopbackServer> AuthorityAsync(RequestDelegate answer)
    {
        storage.Secret("ca.crt", certificates.AuthorityPem);
        return await LoopbackServer.StartAsync(answer, certificates.Server(Loopback));
    }

    private StorageFixture Application(string prefix, LoopbackServer authority) => storage.Secret(prefix + "_CLIENT_ID", "app")
        .Secret(prefix + "_TENANT_ID", "tenant").Secret("AZURE_AUTHORITY_HOST", authority.Address.ToString());

    private static Task AnswerAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }
}
