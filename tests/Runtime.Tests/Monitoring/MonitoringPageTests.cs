using System.Text;
using System.Text.RegularExpressions;
using Sluice.Runtime.Commands;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Monitoring;
using Sluice.Runtime.Payloads;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Monitoring;

/// <summary>docs/monitoring.md, done from the top to the bottom as it stands there.</summary>
public sealed partial class MonitoringPageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-monitoring").FullName;

    private static readonly string Page = File.ReadAllText(Path.Combine(TestModels.Root, "..", "..", "docs", "monitoring.md"));

    [Fact]
    public void Options_on_the_page_are_those_that_there_are()
    {
        var serve = ServeCommand.Create();

        serve.Parse(Start().Match(Page).Groups["options"].Value).Errors.Should().BeEmpty();
        OptionRow().Matches(Page).Select(static m => m.Groups["name"].Value).Should()
            .Equal(serve.Options.Select(static o => o.Name).Where(static n => MonitoringOption().IsMatch(n)));
    }

    [Fact]
    public async Task Requests_on_the_page_are_answered_as_it_says()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris", s => s with
        {
            Monitoring = new MonitorSettings { RowsToLearn = 150, WindowRows = 150, Every = TimeSpan.FromHours(1) },
            Feedback = new FeedbackSettings(10_000),
            Expectations = new ExpectationSettings(ExpectationSet.Read("""[{"feature":"input","max":7}]""")),
            Payloads = new PayloadSettings { File = Path.Combine(folder, "payloads.jsonl") },
        });
        var blocks = Block().Matches(Page);
        blocks.Should().HaveCountGreaterThan(6);

        foreach (Match block in blocks)
        {
            var lines = block.Groups["text"].Value.Trim().Split('\n');
            if (lines[0].EndsWith("baseline", StringComparison.Ordinal))
                await LearnAsync(runtime);
            var expected = lines[1..].Where(static l => l.StartsWith("200 ", StringComparison.Ordinal)).ToList();
            var answer = await SendAsync(runtime, lines[0].Split(' '), string.Join('\n', lines[1..].Except(expected)));
            foreach (var line in expected)
                answer.Should().Contain(line[4..], lines[0]);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>The users of the page: rows for the baseline, and for a window.</summary>
    private static async Task LearnAsync(TestRuntime runtime)
    {
        var rows = File.ReadAllLines(Path.Combine(TestModels.Root, "iris", "iris.csv"))[1..].Select(static l => l.Split(','));
        var body = "{\"instances\":[" + string.Join(',', rows.Select(static r => $"[{string.Join(',', r[..4])}]")) + "]}";
        for (var i = 0; i < 2; i++)
        {
            (await runtime.PostAsync("/v1/models/iris:predict", body)).Status.Should().Be(200);
            await runtime.Client.GetStringAsync(new Uri(runtime.Server.Admin, "/v2/models/iris/monitoring"));
        }
    }

    private static async Task<string> SendAsync(TestRuntime runtime, string[] line, string body)
    {
        var server = line[1] == "admin" ? runtime.Server.Admin : runtime.Server.Http;
        using var request = new HttpRequestMessage(HttpMethod.Parse(line[0]), new Uri(server, line[2]));
        if (body.Length > 0)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await runtime.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).Should().Be(200, text);
        return text;
    }

    [GeneratedRegex(@"^```http\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^sluice-runtime serve (?<options>.*)$", RegexOptions.Multiline)]
    private static partial Regex Start();

    [GeneratedRegex(@"^\| `(?<name>--[a-z-]+) ", RegexOptions.Multiline)]
    private static partial Regex OptionRow();

    [GeneratedRegex("^--(baseline|learn|drift-(window|threshold|false|method)|feedback|expectations|violations|payload)")]
    private static partial Regex MonitoringOption();
}
