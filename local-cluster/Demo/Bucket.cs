using System.ComponentModel;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Demo;

/// <summary>An S3 server beside the cluster, as a person's models have one: s3rver of npm, which 'make demo' installs where it can.</summary>
internal sealed class Bucket : IAsyncDisposable
{
    const string Name = "models";
    const string Listening = "S3rver listening on ";
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly DemoProcess _process;

    Bucket(DemoProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Null where it is not installed, or Node.js is not: the demo does without it then.</summary>
    public static async Task<Bucket?> StartAsync(DemoOptions options, TimeProvider time, CancellationToken cancel)
    {
        if (!File.Exists(options.S3Server)) return null;
        var folder = Directory.CreateDirectory(Path.Combine(options.State, "bucket")).FullName;
        DemoProcess process;
        try
        {
            process = DemoProcess.Start("node",
                [options.S3Server, "--directory", folder, "--address", "127.0.0.1", "--port", "0", "--configure-bucket", Name],
                Path.Combine(options.State, "s3rver.log"), Listening);
        }
        catch (Win32Exception)
        {
            return null;
        }

        var bucket = new Bucket(process, new Uri("http://" + await process.SaidAsync(Patience, time, cancel)));
        await bucket.UploadAsync(Path.Combine(options.Models, "iris", "2", "model.onnx"), "iris/2/model.onnx", cancel);
        return bucket;
    }

    /// <summary>Tells the sample's Secret where the server really is.</summary>
    public void PutAddress(JsonNode document)
    {
        if ((string?)document["kind"] == "Secret") document["stringData"]!["AWS_ENDPOINT_URL"] = Address.ToString();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    async Task UploadAsync(string file, string key, CancellationToken cancel)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }, disposeHandler: true);
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file, cancel));
        using var answer = await client.PutAsync(new Uri(Address, $"/{Name}/{key}"), content, cancel);
        answer.EnsureSuccessStatusCode();
    }
}
