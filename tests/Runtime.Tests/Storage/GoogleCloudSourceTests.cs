using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Contract;
using Sluice.Runtime.Tests.Storage.Spoken;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>Against a server that answers in the shapes of Cloud Storage's JSON API and of Google's token endpoint.</summary>
public sealed class GoogleCloudSourceTests : IDisposable
{
    private const string Account = "reader@project.iam.gserviceaccount.com";

    private readonly StorageFixture storage = new();
    private readonly SpokenGoogleCloud spoken = new();
    private readonly RSA rsa = RSA.Create(2048);
    private readonly List<JsonElement> claims = [];

    public void Dispose()
    {
        storage.Dispose();
        rsa.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_account_key_is_exchanged_for_a_token_once(bool byPath)
    {
        await using var server = await StartAsync();
        storage.Secret(byPath ? "key.json" : "gcloud-application-credentials.json", Key(server.Address));
        if (byPath)
            storage.Variables["GOOGLE_APPLICATION_CREDENTIALS"] = storage.SecretFile("key.json");

        await storage.PullAsync("gs://models/iris");

        storage.Fetched().Should().Equal(StorageFixture.Model);
        claims.Should().ContainSingle("the token is kept").Which.GetProperty("iss").GetString().Should().Be(Account);
        claims[0].GetProperty("scope").GetString().Should().EndWith("devstorage.read_only");
        (claims[0].GetProperty("exp").GetInt64() - claims[0].GetProperty("iat").GetInt64()).Should().Be(3600);
        server.Http.Requests.Where(r => r.Path != "/token").Should().OnlyContain(r => r.Headers["Authorization"] == "Bearer ya29.token");
    }

    [Fact]
    public async Task Without_a_key_requests_are_anonymous_and_a_refusal_says_why()
    {
        await using var server = await StartAsync();
        server.Fault = async context =>
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("""{"error": {"code": 401, "message": "Anonymous caller does not have storage.objects.get access"}}""");
            return true;
        };

        var failure = await storage.FailureAsync("gs://models/iris/model.onnx");

        failure.Reason.Should().Be(TerminationReasons.AccessDenied);
        failure.Message.Should().Contain("Anonymous caller").And.Contain("credentials.secretName");
        server.Http.Requests.Should().OnlyContain(r => !r.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_key_that_is_no_longer_good_is_a_refusal()
    {
        await using var server = await StartAsync();
        storage.Secret("gcloud-application-credentials.json", Key(server.Address));
        using var other = RSA.Create(2048);
        rsa.ImportFromPem(other.ExportPkcs8PrivateKeyPem());

        var failure = await storage.FailureAsync("gs://models/iris/model.onnx");

        failure.Reason.Should().Be(TerminationReasons.AccessDenied);
        failure.Message.Should().Contain("Invalid JWT Signature");
    }

    [Theory]
    [InlineData("""{"type": "authorized_user"}""", "type service_account")]
    [InlineData("nonsense", "no JSON key")]
    [InlineData("""{"type": "service_account", "client_email": "a@b"}""", "private_key")]
    [InlineData("""{"type": "service_account", "client_email": "a@b", "private_key": "-----BEGIN"}""", "PEM")]
    public async Task A_key_that_cannot_be_used_is_refused(string key, string says)
    {
        var failure = await storage.Secret("gcloud-application-credentials.json", key).FailureAsync("gs://models/model.onnx");

        failure.Reason.Should().Be(TerminationReasons.InvalidOptions);
        failure.Message.Should().Contain(says);
    }

    [Fact]
    public async Task An_object_is_read_at_the_generation_that_was_listed()
    {
        await using var server = await StartAsync();

        await storage.PullAsync("gs://models/iris/model.onnx");

        server.Http.Requests.Where(r => r.Query("alt") == "media" && !r.Path.EndsWith(".sha256", StringComparison.Ordinal)).Should().OnlyContain(r => r.Query("generation") == "1699999999999999");
    }

    [Theory]
    [InlineData("gs:///key")]
    [InlineData("gs://models/a/../b")]
    public async Task An_address_that_cannot_work_is_refused_at_once(string address) =>
        (await storage.FailureAsync(address)).Reason.Should().Be(TerminationReasons.InvalidUri);

    private async Task<SpokenServer> StartAsync()
    {
        spoken.Files["iris/model.onnx"] = StorageFixture.Model;
        var server = await SpokenServer.StartAsync(spoken);
        spoken.Prepare(storage, server.Address);
        server.Fault = async context =>
        {
            if (context.Request.Path != "/token")
                return false;
            await GrantAsync(context);
            return true;
        };
        return server;
    }

    /// <summary>As oauth2.googleapis.com/token does.</summary>
    private async Task GrantAsync(HttpContext context)
    {
        var form = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Sluice.Support.Http.RecordedRequest.Of(context).Text);
        form["grant_type"].ToString().Should().Be("urn:ietf:params:oauth:grant-type:jwt-bearer");
        var parts = form["assertion"].ToString().Split('.');
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        if (!rsa.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("""{"error": "invalid_grant", "error_description": "Invalid JWT Signature."}""");
            return;
        }
        claims.Add(JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement);
        await context.Response.WriteAsync("""{"access_token": "ya29.token", "expires_in": 3599, "token_type": "Bearer"}""");
    }

    private string Key(Uri server) => new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = "project",
        ["private_key_id"] = "k1",
        ["private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = Account,
        ["token_uri"] = new Uri(server, "/token").ToString(),
    }.ToJsonString();
}
