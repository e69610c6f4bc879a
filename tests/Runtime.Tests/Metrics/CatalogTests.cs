using System.Text;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Batching;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Monitoring;
using Sluice.Runtime.Payloads;
using Sluice.Runtime.Storage;
using Sluice.Runtime.Tests.Routing;
using Sluice.Support.Metrics;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Metrics;

/// <summary>What a runtime publishes with everything switched on is what the catalog, and so the documentation, says.</summary>
public sealed class CatalogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-catalog-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_scrape_has_every_described_metric_and_no_other()
    {
        foreach (var file in Directory.GetFiles(TestModels.Folder("iris/1")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        new PullRecord { Bytes = 1, Seconds = 1 }.Write(folder);
        await using var pod = await SplitPod.StartAsync(Splits.Of(1, Splits.Stable(100)), s => s with
        {
            Model = folder,
            Monitoring = new MonitorSettings { RowsToLearn = 50, WindowRows = 50, Every = TimeSpan.FromHours(1) },
            Feedback = new FeedbackSettings(100),
            Batching = new BatchSettings(32, TimeSpan.FromMilliseconds(5)),
            Expectations = new ExpectationSettings(ExpectationSet.Read("""[{"feature":"input","max":0}]""")),
            Payloads = new PayloadSettings { File = Path.Combine(folder, "payloads.jsonl") },
        });
        (await pod.InferAsync()).Status.Should().Be(200);

        var fetching = new FetchMetrics();
        fetching.Begins(1);
        List<ExposedFamily> scraped = [.. Exposition.Parse(await pod.Runtime.MetricsAsync()), .. Exposition.Parse(Encoding.UTF8.GetString(fetching.Registry.ToPrometheusText().Span))];

        Exposition.Differences(scraped, RuntimeCatalog.Groups.SelectMany(static g => g.Metrics).Select(static m => (m.Name, m.Type.ToString().ToLowerInvariant(), m.Help, m.Labels.AsEnumerable())))
            .Should().BeEmpty();
        scraped.Single(static f => f.Name == MetricNames.Requests).Series.Should().Be(1);
    }
}
