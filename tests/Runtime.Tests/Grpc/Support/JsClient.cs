using System.Text.Json;
using Sluice.Support.Programs;

namespace Sluice.Runtime.Tests.Grpc.Support;

/// <summary>The real gRPC client @grpc/grpc-js, driven by the scripts of the folder client.</summary>
internal static class JsClient
{
    public static string Script(string name) => Checkout.Path("tests", "Runtime.Tests", "Grpc", "client", name);

    /// <summary>Runs calls.mjs and reads what each of its scenarios gave.</summary>
    public static async Task<JsonElement> CallsAsync(Uri server)
    {
        var (code, output) = await RunningProgram.RunAsync(
            "node", [Script("calls.mjs"), server.Authority], limit: TimeSpan.FromMinutes(3));
        code.Should().Be(0, output);
        return Result(output);
    }

    /// <summary>The JSON object that a script printed last.</summary>
    public static JsonElement Result(string output)
    {
        var line = output.Split('\n').Last(l => l.StartsWith('{'));
        return JsonDocument.Parse(line).RootElement.Clone();
    }
}
