using System.Net.Http.Headers;
using System.Text;

namespace Sluice.Benchmarks.Wire;

/// <summary>What the runtime answers to the requests, as files for the echo to answer the same.</summary>
internal sealed class Answers : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("sluice-bench-answers").FullName;

    public async Task RecordAsync(HttpClient client, string name, string url, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.PostAsync(url, content);
        answer.EnsureSuccessStatusCode();
        await File.WriteAllBytesAsync(Path.Combine(Folder, name), await answer.Content.ReadAsByteArrayAsync());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
