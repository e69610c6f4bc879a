using Microsoft.AspNetCore.Http;
using Sluice.Contract;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Storage;

public sealed class S3ProtocolTests : IDisposable
{
    private readonly StorageFixture storage = new();

    public void Dispose() => storage.Dispose();

    [Fact]
    public async Task A_long_listing_is_read_page_by_page()
    {
        await using var server = await LoopbackServer.StartAsync(context => !context.Request.Query.ContainsKey("list-type")
            ? Answer(context)
            : context.Request.Query["continuation-token"] == "a/b+="
                ? List(context, "<Contents><Key>iris/b.onnx</Key></Contents>")
                : List(context, "<Contents><Key>iris/a.onnx</Key></Contents><NextContinuationToken>a/b+=</NextContinuationToken>"));
        At(server);

        await storage.PullAsync("s3://models/iris/");

        Sluice.Runtime.Storage.Digest.FilesIn(storage.To).Should().BeEquivalentTo("a.onnx", "b.onnx");
    }

    [Theory]
    [InlineData("", "https://models.s3.us-east-1.amazonaws.com/a/b%2B%20c.onnx")]
    [InlineData("AWS_DEFAULT_REGION=eu-west-1", "https://models.s3.eu-west-1.amazonaws.com/a/b%2B%20c.onnx")]
    [InlineData("S3_ENDPOINT=minio:9000", "https://minio:9000/models/a/b%2B%20c.onnx")]
    [InlineData("S3_ENDPOINT=minio:9000 S3_USE_HTTPS=0", "http://minio:9000/models/a/b%2B%20c.onnx")]
    [InlineData("AWS_ENDPOINT_URL=http://minio:9000 S3_USE_VIRTUAL_BUCKET=true", "http://models.minio:9000/a/b%2B%20c.onnx")]
    [InlineData("AWS_ENDPOINT_URL=https://gateway/s3/", "https://gateway/s3/models/a/b%2B%20c.onnx")]
    public async Task An_object_has_its_address(string variables, string expected)
    {
        foreach (var variable in variables.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            storage.Variables.Add(variable[..variable.IndexOf('=', StringComparison.Ordinal)], variable[(variable.IndexOf('=', StringComparison.Ordinal) + 1)..]);

        var asked = new List<string>();
        storage.Line = _ => new Diverted(uri =>
        {
            asked.Add(uri.AbsoluteUri);
            return null;
        });

        (await storage.FailureAsync("s3://models/a/b+ c.onnx")).Reason.Should().Be(TerminationReasons.NotFound);
        asked[0].Should().Be(expected);
    }

    [Theory]
    [InlineData("S3_VERIFY_SSL", "0")]
    [InlineData("AWS_ACCESS_KEY_ID", "alone")]
    [InlineData("S3_USE_HTTPS", "maybe")]
    [InlineData("AWS_ENDPOINT_URL", "ftp://x")]
    public async Task A_setting_that_cannot_be_honoured_is_refused(string name, string value)
    {
        var failure = await storage.Secret(name, value).FailureAsync("s3://models/model.onnx");

        failure.Reason.Should().Be(TerminationReasons.InvalidOptions);
        failure.Message.Should().ContainAny(name, "endpoint");
    }

    [Fact]
    public async Task A_service_account_token_is_exchanged_for_keys()
    {
        var token = Path.GetTempFileName();
        File.WriteAllText(token, "jwt\n");
        await using var server = await LoopbackServer.StartAsync(context => context.Request.Method == "POST"
            ? context.Response.WriteAsync("""
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
                <Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>session</SessionToken>
                <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                """)
            : Answer(context));
        At(server);
        storage.Variables["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/models";
        storage.Variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = token;
        storage.Variables["AWS_ENDPOINT_URL_STS"] = server.Address.ToString();

        await storage.PullAsync("s3://models/iris/model.onnx", StorageFixture.Sha256);

        server.Requests.Should().ContainSingle(r => r.Method == "POST").Which.Text.Should().MatchRegex("WebIdentityToken=jwt(&|$)");
        server.Requests.Where(r => r.Method != "POST").Should().OnlyContain(
            r => r.Headers["x-amz-security-token"] == "session" && r.Headers["Authorization"].Contains("Credential=ASIA1/"));
        File.Delete(token);
    }

    [Theory]
    [InlineData("iris/../../../etc/cron.d/x", TerminationReasons.AccessDenied)]
    [InlineData("iris//x", TerminationReasons.AccessDenied)]
    public async Task A_listing_that_leads_out_of_its_folder_is_refused(string key, string reason)
    {
        await using var server = await LoopbackServer.StartAsync(context => List(context, $"<Contents><Key>{key}</Key><Size>3</Size></Contents>"));
        At(server);

        (await storage.FailureAsync("s3://models/iris/")).Reason.Should().Be(reason);
        server.Requests.Should().ContainSingle("nothing of it is fetched");
    }

    [Fact]
    public async Task A_file_of_another_length_than_listed_is_not_taken()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Request.Query.ContainsKey("list-type")
            ? List(context, "<Contents><Key>iris/model.onnx</Key><Size>3</Size></Contents>")
            : Answer(context));
        At(server).RetryFor = TimeSpan.Zero;

        var failure = await storage.FailureAsync("s3://models/iris/");

        failure.Reason.Should().Be(TerminationReasons.Unreachable);
        failure.Message.Should().Contain("listing says 3");
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_and_a_broken_transfer_goes_on()
    {
        var (busy, cut) = (1, 1);
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            if (busy-- > 0)
                context.Response.StatusCode = 503;
            else if (context.Request.Method == "GET" && context.Request.Path.Value!.EndsWith(".onnx", StringComparison.Ordinal) && cut-- > 0)
            {
                context.Response.Headers.ETag = "\"1\"";
                context.Response.ContentLength = StorageFixture.Model.Length;
                await context.Response.Body.WriteAsync(StorageFixture.Model.AsMemory(0, 100));
            }
            else
                await Answer(context);
        });
        At(server).Secret("AWS_ACCESS_KEY_ID", "k").Secret("AWS_SECRET_ACCESS_KEY", "s");

        await storage.PullAsync("s3://models/iris/model.onnx", StorageFixture.Sha256);

        server.Requests[^1].Headers["Range"].Should().Be("bytes=100-");
        server.Requests[^1].Headers["Authorization"].Should().Contain("SignedHeaders=host;if-match;range;");
    }

    [Fact]
    public async Task A_bucket_in_another_region_is_named()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 301;
            context.Response.Headers["x-amz-bucket-region"] = "eu-central-1";
            return Task.CompletedTask;
        });
        At(server);

        (await storage.FailureAsync("s3://models/iris/model.onnx")).Message.Should().Contain("eu-central-1");
    }

    private StorageFixture At(LoopbackServer server) => storage.Secret("AWS_ENDPOINT_URL", server.Address.ToString());

    private static async Task List(HttpContext context, string contents) =>
        await context.Response.WriteAsync($"""<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>models</Name>{contents}</ListBucketResult>""");

    private static async Task Answer(HttpContext context)
    {
        if (!context.Request.Path.Value!.EndsWith(".onnx", StringComparison.Ordinal))
        {
            context.Response.StatusCode = 404;
            return;
        }
        var content = StorageFixture.Model;
        if (context.Request.GetTypedHeaders().Range is { } range)
        {
            var from = (int)range.Ranges.Single().From!.Value;
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
            content = content[from..];
        }
        context.Response.ContentLength = content.Length;
        if (context.Request.Method != "HEAD")
            await context.Response.Body.WriteAsync(content);
    }
}
