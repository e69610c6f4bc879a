using System.Text;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Hostile;

/// <summary>One runtime that serves models of several kinds, and what must hold of it whatever it is sent.</summary>
public sealed class HostileServer : IAsyncLifetime
{
    public const string Good = """{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}""";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sluice-hostile-");

    internal TestRuntime Runtime { get; private set; } = null!;

    internal Uri Address => Runtime.Server.Http;

    public async Task InitializeAsync() => Runtime = await StartAsync(folder.FullName);

    public async Task DisposeAsync()
    {
        await Runtime.DisposeAsync();
        folder.Delete(recursive: true);
    }

    internal static Task<TestRuntime> StartAsync(string folder, Func<ServeSettings, ServeSettings>? adjust = null)
    {
        foreach (var (name, from) in new[] { ("iris", "iris/2"), ("types", "types/1"), ("text", "text/1"), ("credit", "credit/1") })
        {
            var version = Directory.CreateDirectory(Path.Combine(folder, name, "1"));
            File.CreateSymbolicLink(Path.Combine(version.FullName, "model.onnx"), TestModels.File(from));
        }
        SameModels.Save(folder);
        return TestRuntime.StartAsync(folder, adjust: adjust);
    }

    internal Task<Answer> InferAsync(string json, string model = "iris") =>
        Runtime.SendAsync(HttpMethod.Post, $"/v2/models/{model}/infer", Encoding.UTF8.GetBytes(json));

    internal Task<Answer> PredictAsync(string json, string model = "iris") =>
        Runtime.SendAsync(HttpMethod.Post, $"/v1/models/{model}:predict", Encoding.UTF8.GetBytes(json));

    /// <summary>Sends bytes on a connection of their own and reads one answer; null when the server just closes.</summary>
    internal async Task<Answer?> RawAsync(string text)
    {
        await using var connection = await RawConnection.OpenAsync(Address);
        await connection.SendAsync(text);
        return await connection.ReadAsync();
    }

    /// <summary>The request is refused for what it is, in the protocol's form, and others are still answered.</summary>
    internal async Task<string> RefusedAsync(Answer answer, int status = 400)
    {
        answer.Status.Should().Be(status, answer.Text);
        answer.Headers["Content-Type"].Should().StartWith("application/json");
        answer.Error.Should().NotBeNullOrWhiteSpace().And.NotContain(folder.FullName);
        await StillAnswersAsync();
        return answer.Error;
    }

    internal async Task StillAnswersAsync()
    {
        var answer = await InferAsync(Good);
        answer.Status.Should().Be(200, answer.Text);
    }
}
