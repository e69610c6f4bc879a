using Microsoft.AspNetCore.Http;
using Sluice.Contract;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>Keys that are really checked, by a server that is itself held to what AWS has published.</summary>
public sealed class SignedBucketTests : IDisposable
{
    private const string Key = "AKIAIOSFODNN7EXAMPLE";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private readonly StorageFixture storage = new();

    public void Dispose() => storage.Dispose();

    /// <summary>The example of AWS's documentation: GET Object with a range, 24 May 2013.</summary>
    [Theory]
    [InlineData("/test.txt", Key, Secret, null)]
    [InlineData("/test.txt", Key, "another", "SignatureDoesNotMatch")]
    [InlineData("/other.txt", Key, Secret, "SignatureDoesNotMatch")]
    [InlineData("/test.txt", "SOMEBODY", Secret, "InvalidAccessKeyId")]
    public void A_signature_is_judged_as_AWS_does_it(string target, string key, string secret, string? problem)
    {
        var headers = new HeaderDictionary
        {
            ["Host"] = "examplebucket.s3.amazonaws.com",
            ["Range"] = "bytes=0-9",
            ["x-amz-date"] = "20130524T000000Z",
            ["x-amz-content-sha256"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ["Authorization"] = $"AWS4-HMAC-SHA256 Credential={Key}/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        };

        SignedBucket.Problem("GET", target, headers, key, secret).Should().Be(problem);
    }

    [Fact]
    public async Task A_folder_is_listed_and_fetched_with_signed_requests()
    {
        await using var bucket = await BucketAsync();

        await With(bucket, Secret).PullAsync("s3://models/big one");

        storage.Fetched().Should().Equal(StorageFixture.Model);
        storage.Fetched("weights/a+b=c.data").Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_with_the_servers_reason_and_not_shown()
    {
        await using var bucket = await BucketAsync();

        var failure = await With(bucket, "hidden").FailureAsync("s3://models/big one");

        failure.Reason.Should().Be(TerminationReasons.AccessDenied);
        failure.Message.Should().Contain("SignatureDoesNotMatch").And.NotContain("hidden");
    }

    private static Task<SignedBucket> BucketAsync() => new SignedBucket(Key, Secret)
        .With("/models/big one/model.onnx", StorageFixture.Model).With("/models/big one/weights/a+b=c.data", [1, 2, 3]).StartAsync();

    private StorageFixture With(SignedBucket bucket, string secret) =>
        storage.Secret("AWS_ENDPOINT_URL", bucket.Address.ToString()).Secret("AWS_ACCESS_KEY_ID", Key).Secret("AWS_SECRET_ACCESS_KEY", secret);
}
