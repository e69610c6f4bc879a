using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Support.Programs;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>Debian's docker-registry, which lets in one user.</summary>
public sealed class OciServer : IAsyncLifetime
{
    public const string User = "jane";
    public const string Password = "s3cret";

    /// <summary>bcrypt of the password, the one hash that it takes.</summary>
    private const string Hash = "$2b$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK";

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-oci").FullName;
    private RunningProgram? program;

    public string Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        const string registry = "/usr/bin/docker-registry";
        if (!File.Exists(registry))
            throw new FileNotFoundException($"{registry} is missing; install Debian's docker-registry (apt-get install docker-registry)", registry);
        var (users, config) = (Path.Combine(folder, "users"), Path.Combine(folder, "config.yml"));
        File.WriteAllText(users, $"{User}:{Hash}\n");
        File.WriteAllText(config, $"""
            version: 0.1
            log:
              level: info
            storage:
              filesystem:
                rootdirectory: {folder}/data
            auth:
              htpasswd:
                realm: models
                path: {users}
            http:
              addr: 127.0.0.1:0
              secret: test
            """);
        program = RunningProgram.Start(registry, ["serve", config]);
        const string listening = "listening on ";
        await program.WaitForAsync(listening, TimeSpan.FromMinutes(1));
        var said = program.Output[(program.Output.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..];
        Host = said[..said.IndexOfAny(['"', ' ', '\n'])];
    }

    /// <summary>Pushes an artifact as ORAS does, or an image; the digest of its manifest.</summary>
    public async Task<string> PushAsync(string repository, string tag, string configType, params (string MediaType, string? Title, byte[] Content)[] layers)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri($"http://{Host}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{User}:{Password}")));
        var described = new JsonArray();
        foreach (var (mediaType, title, content) in layers)
            described.Add(Described(mediaType, title, content.Length, await BlobAsync(client, repository, content)));
        var config = Described(configType, null, 2, await BlobAsync(client, repository, "{}"u8.ToArray()));
        const string type = "application/vnd.oci.image.manifest.v1+json";
        var manifest = Encoding.UTF8.GetBytes(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = type, ["config"] = config, ["layers"] = described }.ToJsonString());
        using var body = new ByteArrayContent(manifest);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await client.PutAsync($"/v2/{repository}/manifests/{tag}", body);
        answer.EnsureSuccessStatusCode();
        return DigestOf(manifest);
    }

    public static string DigestOf(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    public async Task DisposeAsync()
    {
        if (program is not null)
            await program.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> BlobAsync(HttpClient client, string repository, byte[] content)
    {
        using var begun = await client.PostAsync($"/v2/{repository}/blobs/uploads/", null);
        begun.EnsureSuccessStatusCode();
        var digest = DigestOf(content);
        using var body = new ByteArrayContent(content);
        using var done = await client.PutAsync($"{begun.Headers.Location}&digest={Uri.EscapeDataString(digest)}", body);
        done.EnsureSuccessStatusCode();
        return digest;
    }

    private static JsonObject Described(string mediaType, string? title, int size, string digest)
    {
        var layer = new JsonObject { ["mediaType"] = mediaType, ["size"] = size, ["digest"] = digest };
        if (title is not null)
            layer["annotations"] = new JsonObject { ["org.opencontainers.image.title"] = title };
        return layer;
    }
}
