using Sluice.Plugin.Hosting;
using Sluice.Support.Http;

namespace Sluice.Plugin.Tests.Support;

/// <summary>One run of the program against an API on loopback.</summary>
internal sealed class PluginRun : IAsyncDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("plugin-");
    readonly LoopbackServer _server;

    PluginRun(LoopbackServer server) => _server = server;

    public IReadOnlyList<RecordedRequest> Requests => _server.Requests;

    public string Kubeconfig => Path.Combine(_folder.FullName, "kubeconfig");

    public static async Task<PluginRun> StartAsync(Microsoft.AspNetCore.Http.RequestDelegate api)
    {
        var run = new PluginRun(await LoopbackServer.StartAsync(api));
        await File.WriteAllTextAsync(run.Kubeconfig, $$$"""
            {"apiVersion": "v1", "kind": "Config", "current-context": "c",
             "clusters": [{"name": "c", "cluster": {"server": "{{{run._server.Address}}}"}}],
             "users": [{"name": "u", "user": {"token": "t"}}],
             "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": "shop"}}]}
            """);
        return run;
    }

    public async Task<(int Code, string Out, string Error)> RunAsync(string arguments, string input = "", CancellationToken cancel = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var reader = new StringReader(input);
        var terminal = new Terminal { Out = output, Error = error, In = reader, Time = TimeProvider.System };
        string[] words = [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--kubeconfig", Kubeconfig];
        var code = await new CommandLine(terminal).RunAsync(words, cancel);
        return (code, output.ToString(), error.ToString());
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
