using System.Text;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Prometheus;

/// <summary>Prometheus' own tool: it knows best what a rule and a query are.</summary>
internal static class PromTool
{
    const string Program = "/usr/bin/promtool";

    public static string Rules => Checkout.Path("config", "prometheus", "rules.yaml");

    public static IReadOnlyList<JsonObject> AllRules =>
    [
        .. Yaml.Read(File.ReadAllText(Rules))[0]["groups"]!.AsArray().SelectMany(static g => g!["rules"]!.AsArray()).Select(static r => r!.AsObject()),
    ];

    public static async Task<string> RunAsync(params string[] arguments)
    {
        if (!File.Exists(Program))
            throw new FileNotFoundException($"{Program} is missing; install Debian's prometheus", Program);
        var (code, output) = await RunningProgram.RunAsync(Program, arguments);
        code.Should().Be(0, output);
        return output;
    }

    /// <summary>Fails, with the tool's words, unless each of them is a query.</summary>
    public static async Task ParseAsync(IEnumerable<string> queries)
    {
        var text = new StringBuilder("groups:\n- name: queries\n  rules:\n");
        var number = 0;
        foreach (var query in queries)
            text.Append($"  - {{record: \"query:{number++}\", expr: {JsonValue.Create(query)!.ToJsonString()}}}\n");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, text.ToString());
            await RunAsync("check", "rules", file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
