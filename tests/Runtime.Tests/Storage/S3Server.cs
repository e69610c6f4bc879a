using Sluice.Support.Programs;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>s3rver with one bucket. It knows access keys but does not check version 4 signatures, and cannot page a listing.</summary>
public sealed class S3Server : IAsyncLifetime
{
    public const string Bucket = "models";

    /// <summary>The one pair of keys that it knows.</summary>
    public const string Key = "S3RVER";

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-s3").FullName;
    private RunningProgram? program;

    public Uri Address { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var script = Checkout.Path("tests", "tools", "storage", "node_modules", "s3rver", "bin", "s3rver.js");
        if (!File.Exists(script))
            throw new FileNotFoundException($"{script} is missing; run 'make tools' first", script);
        program = RunningProgram.Start(
            "node", [script, "--directory", folder, "--address", "127.0.0.1", "--port", "0", "--configure-bucket", Bucket]);
        const string Listening = "S3rver listening on ";
        await program.WaitForAsync(Listening, TimeSpan.FromMinutes(1));
        var line = program.Output.Split('\n').Single(l => l.Contains(Listening, StringComparison.Ordinal));
        Address = new Uri("http://" + line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim());
    }

    public async Task PutAsync(string key, byte[] content)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        using var body = new ByteArrayContent(content);
        using var response = await client.PutAsync(
            new Uri(Address, $"/{Bucket}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}"), body);
        response.EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        if (program is not null)
            await program.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
