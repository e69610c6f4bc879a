using System.Security.Cryptography;
using System.Text;
using Sluice.Support.Programs;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>Azurite, Microsoft's emulator of Azure Storage, with one closed and one public container. It checks signatures.</summary>
public sealed class AzureServer : IAsyncLifetime
{
    public const string Container = "models";
    public const string PublicContainer = "open";

    /// <summary>The emulator's one account and its published key.</summary>
    public const string Account = "devstoreaccount1";
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private RunningProgram? program;

    /// <summary>With the account as its path.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>A shared access signature that may do everything.</summary>
    public static string Signature { get; } = Sign(permissions: "rwlacd");

    public async Task InitializeAsync()
    {
        var script = Checkout.Path("tests", "tools", "storage", "node_modules", "azurite", "dist", "src", "blob", "main.js");
        if (!File.Exists(script))
            throw new FileNotFoundException($"{script} is missing; run 'make tools' first", script);
        program = RunningProgram.Start(
            "node", [script, "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--silent"]);
        const string listening = "successfully listens on ";
        await program.WaitForAsync(listening, TimeSpan.FromMinutes(1));
        var line = program.Output.Split('\n').Single(l => l.Contains(listening, StringComparison.Ordinal));
        Endpoint = new Uri($"{line[(line.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..].Trim()}/{Account}");
        await SendAsync($"{Container}?restype=container", []);
        await SendAsync($"{PublicContainer}?restype=container", [], ("x-ms-blob-public-access", "container"));
    }

    public Task PutAsync(string name, byte[] content, string container = Container) =>
        SendAsync($"{container}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}", content, ("x-ms-blob-type", "BlockBlob"));

    public async Task DisposeAsync()
    {
        if (program is not null)
            await program.DisposeAsync();
    }

    /// <summary>learn.microsoft.com/rest/api/storageservices/create-account-sas</summary>
    private static string Sign(string permissions)
    {
        const string version = "2021-12-02", services = "b", types = "sco", end = "2099-01-01T00:00:00Z";
        var text = $"{Account}\n{permissions}\n{services}\n{types}\n\n{end}\n\n\n{version}\n\n";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(text)));
        return $"?sv={version}&ss={services}&srt={types}&sp={permissions}&se={Uri.EscapeDataString(end)}&sig={Uri.EscapeDataString(signature)}";
    }

    private async Task SendAsync(string pathAndQuery, byte[] content, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        var signature = (pathAndQuery.Contains('?', StringComparison.Ordinal) ? '&' : '?') + Signature[1..];
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Endpoint}/{pathAndQuery}{signature}") { Content = new ByteArrayContent(content) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{pathAndQuery}: {response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }
}
