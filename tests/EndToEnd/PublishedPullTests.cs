using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Sluice.Support.Http;
using Sluice.Support.Programs;

namespace Sluice.EndToEnd;

/// <summary>The libraries of the clouds are large and are trimmed too: what they are used for works in the published file.</summary>
public sealed class PublishedPullTests : IDisposable
{
    const string Key = "ASIAPUBLISHED";
    const string Secret = "between/us+two";
    static readonly string[] Loopback = ["127.0.0.1"];
    readonly string _folder = Directory.CreateTempSubdirectory("sluice-pull-").FullName;

    static byte[] Model { get; } = File.ReadAllBytes(Checkout.Path("tests", "Models", "iris", "2", "model.onnx"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Keys_for_a_bucket_are_had_for_the_token_of_the_pod()
    {
        await using var bucket = await new SignedBucket(Key, Secret).With("/models/iris/model.onnx", Model).With("/models/iris/weights/a.data", [1, 2, 3]).StartAsync();
        await using var sts = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync($"""
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
            <Credentials><AccessKeyId>{Key}</AccessKeyId><SecretAccessKey>{Secret}</SecretAccessKey><SessionToken>session</SessionToken>
            <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
            """));
        Write("AWS_ENDPOINT_URL", bucket.Address.ToString());
        Write("AWS_ENDPOINT_URL_STS", sts.Address.ToString());
        Write("AWS_ROLE_ARN", "arn:aws:iam::1:role/models");
        Write("AWS_WEB_IDENTITY_TOKEN_FILE", Write("jwt", "jwt"));

        await PullAsync("s3://models/iris");

        sts.Requests.Should().ContainSingle().Which.Text.Should().Contain("WebIdentityToken=jwt");
        (await File.ReadAllBytesAsync(Path.Combine(To, "weights", "a.data"))).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_token_for_blobs_is_had_for_the_secret_of_an_application()
    {
        using var certificates = new Certificates();
        await using var authority = await LoopbackServer.StartAsync(static context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"token_type": "Bearer", "expires_in": 3599, "access_token": "eyJ0.token"}""");
        }, certificates.Server(Loopback));
        await using var blobs = await LoopbackServer.StartAsync(static async context =>
        {
            if (context.Request.Headers.Authorization != "Bearer eyJ0.token")
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
            else if (context.Request.Path != "/models/iris/model.onnx")
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            else if (HttpMethods.IsHead(context.Request.Method))
                context.Response.ContentLength = Model.Length;
            else
                await context.Response.Body.WriteAsync(Model);
        });
        Write("ca.crt", certificates.AuthorityPem);
        Write("AZURE_AUTHORITY_HOST", authority.Address.ToString());
        Write("AZURE_TENANT_ID", "tenant");
        Write("AZURE_CLIENT_ID", "app");
        Write("AZURE_CLIENT_SECRET", "s3cret");
        Write("AZURE_STORAGE_SERVICE_ENDPOINT", blobs.Address.ToString());

        await PullAsync("azure-blob://account/models/iris/model.onnx", Convert.ToHexStringLower(SHA256.HashData(Model)));

        authority.Requests.Should().ContainSingle("the token is kept");
    }

    string To => Path.Combine(_folder, "to");

    async Task PullAsync(string address, string? sha256 = null)
    {
        var (code, output) = await RunningProgram.RunAsync(
            Checkout.Published("sluice-runtime"),
            ["pull", "--model", address, "--to", To, "--metrics", "127.0.0.1:0", .. sha256 is null ? [] : (string[])["--sha256", sha256]],
            new Dictionary<string, string> { ["SLUICE_CREDENTIALS"] = Path.Combine(_folder, "secret") });

        code.Should().Be(0, output);
        (await File.ReadAllBytesAsync(Path.Combine(To, "model.onnx"))).Should().Equal(Model);
    }

    string Write(string key, string value)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "secret")).FullName, key);
        File.WriteAllText(file, value);
        return file;
    }
}
