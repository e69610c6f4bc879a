using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Sluice.Integration.World;
using Sluice.Support.Http;
using Sluice.Support.Programs;

namespace Sluice.Integration.Scenarios;

/// <summary>Models that lie where one must show who one is, and models that the node has already.</summary>
[Collection(ClusterCollection.Name)]
public sealed partial class StorageTests(Cluster cluster)
{
    const string Key = "AKIASUITE";
    const string Secret = "between/us+two";

    static byte[] Model { get; } = File.ReadAllBytes(Checkout.Path("tests", "Models", "iris", "2", "model.onnx"));

    [PodFact]
    public async Task A_bucket_opens_to_the_keys_of_the_Secret_that_is_named()
    {
        await using var space = await cluster.SpaceAsync();
        await using var bucket = await BucketAsync();
        await KeysAsync(space, "good", bucket, Secret);
        await KeysAsync(space, "wrong", bucket, "hidden");

        await space.ModelVersionAsync("open", "s3://models/iris/model.onnx", spec: "credentials: {secretName: good}");
        await space.ModelVersionAsync("closed", "s3://models/iris/model.onnx", spec: "credentials: {secretName: wrong}");
        await space.ServiceAsync("iris", "open");

        await space.ReadyAsync("iris");
        var refused = await space.ConditionIsAsync("closed", "Ready", "False", "AccessDenied", "modelversions");
        ((string?)refused["message"]).Should().Contain("SignatureDoesNotMatch").And.Contain("credentials.secretName").And.NotContain("hidden");
        var pod = (await space.OwnedAsync("pods", "iris"))[0]["spec"]!;
        pod["containers"]!.ToJsonString().Should().NotContain("credentials", "who serves needs no keys");
    }

    [PodFact]
    public async Task KServes_annotations_say_where_the_bucket_is_and_the_Secret_holds_the_keys_alone()
    {
        await using var space = await cluster.SpaceAsync();
        await using var bucket = await BucketAsync();
        await SecretAsync(space, "keys", $$"""{AWS_ACCESS_KEY_ID: {{Key}}, AWS_SECRET_ACCESS_KEY: "{{Secret}}"}""");

        await space.ModelVersionAsync("iris-2", "s3://models/iris/model.onnx", spec: "credentials: {secretName: keys}",
            metadata: $$""", annotations: {serving.kserve.io/s3-endpoint: "{{bucket.Address.Authority}}", serving.kserve.io/s3-usehttps: "0"}""");
        await space.ServiceAsync("iris", "iris-2");

        await space.ReadyAsync("iris");
        await space.Api.DeleteAsync(space.Path("modelversions", "iris-2"));
        await space.Api.DeleteAsync(space.Path("pods", (string)(await space.OwnedAsync("pods", "iris"))[0]["metadata"]!["name"]!), 0);
        await space.TrueAsync("another pod has fetched it once more", async () =>
            bucket.Downloads == 3 && (int?)(await space.GetAsync("inferenceservices", "iris"))?["status"]?["stable"]?["readyReplicas"] == 1, "iris");
    }

    [PodFact]
    public async Task A_web_server_gets_the_headers_of_the_Secret_that_is_named()
    {
        await using var space = await cluster.SpaceAsync();
        await using var web = await LoopbackServer.StartAsync(static async context =>
        {
            if (context.Request.Headers["x-api-key"] != Secret)
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else if (context.Request.Path == "/model.onnx")
                await context.Response.Body.WriteAsync(Model);
            else
                context.Response.StatusCode = StatusCodes.Status404NotFound;
        });
        await SecretAsync(space, "headers", $$"""headers: '{"x-api-key": "{{Secret}}"}'""");

        await space.ModelVersionAsync("open", $"{web.Address}model.onnx", spec: "credentials: {secretName: headers}");
        await space.ModelVersionAsync("closed", $"{web.Address}model.onnx");

        await space.ConditionIsAsync("open", "Ready", "True", "Verified", "modelversions");
        await space.ConditionIsAsync("closed", "Ready", "False", "AccessDenied", "modelversions");
    }

    [PodFact]
    public async Task What_the_node_has_is_not_fetched_again()
    {
        await using var space = await cluster.SpaceAsync();
        await using var bucket = await BucketAsync();
        await using var caching = await cluster.WithOperatorAsync("--model-cache", $"hostPath:{cluster.Folder("cache")}");
        await KeysAsync(space, "keys", bucket, Secret);

        await space.ModelVersionAsync("iris-2", "s3://models/iris/model.onnx", spec: "credentials: {secretName: keys}");
        await space.ConditionIsAsync("iris-2", "Ready", "True", "Verified", "modelversions");
        await space.ServiceAsync("iris", "iris-2", minReplicas: 2);
        await space.TrueAsync("both pods are Ready", async () =>
            (int?)(await space.GetAsync("inferenceservices", "iris"))?["status"]?["stable"]?["readyReplicas"] == 2, "iris");

        bucket.Downloads.Should().Be(1, "the Job that examined it has filled the cache for every pod");
        foreach (var pod in await space.OwnedAsync("pods", "iris"))
        {
            var (_, metrics) = await space.Api.AskAsync(HttpMethod.Get, $"{space.Path("pods", (string)pod["metadata"]!["name"]!)}:8081/proxy/metrics");
            var fetched = FromCache().Match(metrics);
            fetched.Success.Should().BeTrue(metrics);
            double.Parse(fetched.Groups[1].Value, CultureInfo.InvariantCulture).Should().Be(Model.Length);
        }
    }

    [LocalFact]
    public async Task An_image_that_the_node_mounts_is_a_model()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("mounted", $"oci+native://{TestEnvironment.ModelImage}:1");
        await space.ModelVersionAsync("nowhere", "oci+native://suite/nothing:1", spec: "credentials: {secretName: pulling}");
        await space.ServiceAsync("iris", "mounted");

        await space.ReadyAsync("iris");
        var pod = (await space.OwnedAsync("pods", "iris"))[0]["spec"]!;
        pod["volumes"]!.AsArray().Select(static v => (string?)v!["image"]?["reference"]).Should().Contain($"{TestEnvironment.ModelImage}:1");
        pod["containers"]!.ToJsonString().Should().NotContain("/mnt/image", "what serves has the copy that was checked");
        await space.TrueAsync("who cannot pull says so", async () =>
            ((string?)(await space.ConditionAsync("nowhere", "Ready", "modelversions"))?["message"])?.Contains("suite/nothing:1", StringComparison.Ordinal) is true);
        var job = (await space.Api.ListAsync(space.Path("jobs"), "sluice.dev/modelversion=nowhere"))[0]["spec"]!["template"]!["spec"]!;
        ((string?)job["imagePullSecrets"]![0]!["name"]).Should().Be("pulling");
    }

    static Task<SignedBucket> BucketAsync() => new SignedBucket(Key, Secret).With("/models/iris/model.onnx", Model).StartAsync();

    static Task<JsonNode> KeysAsync(Space space, string named, SignedBucket bucket, string secret) =>
        SecretAsync(space, named, $$"""{AWS_ACCESS_KEY_ID: {{Key}}, AWS_SECRET_ACCESS_KEY: "{{secret}}", AWS_ENDPOINT_URL: "{{bucket.Address}}"}""");

    /// <param name="space">Where.</param>
    /// <param name="named">Its name.</param>
    /// <param name="data">A YAML mapping from keys to texts.</param>
    static Task<JsonNode> SecretAsync(Space space, string named, string data) => space.Api.ApplyAsync(space.Path("secrets", named), $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{named}}, namespace: {{space.Name}}}
        stringData:
          {{data}}
        """);

    [GeneratedRegex("""sluice_model_fetch_bytes\{[^}]*from="cache"[^}]*\} ([0-9.e+]+)""")]
    private static partial Regex FromCache();
}
