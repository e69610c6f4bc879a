using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Sluice.Operator.Hosting;
using Sluice.Operator.Metrics;
using Sluice.Operator.Tests.Faults;
using Sluice.Support;
using Sluice.Support.Metrics;

namespace Sluice.Operator.Tests.Metrics;

/// <summary>What the running operator publishes is what the catalog, and so the documentation, says.</summary>
public sealed partial class CatalogTests
{
    [Fact]
    public async Task A_scrape_has_every_described_metric_and_no_other()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Apply("iris-1");
        var kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(kubeconfig,
            $"{{apiVersion: v1, kind: Config, current-context: c, contexts: [{{name: c, context: {{cluster: c, user: c}}}}], users: [{{name: c, user: {{}}}}], clusters: [{{name: c, cluster: {{server: '{shop.Api.Address}'}}}}]}}");
        using var log = new AddressLog();
        using var stop = new CancellationTokenSource();
        var running = new OperatorHost(
            new OperatorOptions { Kubeconfig = kubeconfig, RuntimeImage = "i", Metrics = new IPEndPoint(IPAddress.Loopback, 0), LeaseNamespace = "x" },
            log, TimeProvider.System).RunAsync(stop.Token);
        var address = await log.Address.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        using var handler = new SocketsHttpHandler();
        using var client = new HttpClient(handler);
        var text = "";
        await Eventually.TrueAsync(
            async () => (text = await client.GetStringAsync(new Uri(new Uri(address), "/metrics"))).Contains("""inferenceservice="iris",condition="Ready",status""", StringComparison.Ordinal)
                // A pass is counted when it is over, which is after it has written the status.
                && text.Contains("sluice_reconcile_passes_total{", StringComparison.Ordinal),
            "the service has a status, and the pass that wrote it is counted");
        await stop.CancelAsync();
        (await running).Should().Be(0);
        File.Delete(kubeconfig);

        var scraped = Exposition.Parse(text);
        Exposition.Differences(scraped, OperatorCatalog.Groups.SelectMany(static g => g.Metrics).Select(static m => (m.Name, m.Type.ToString().ToLowerInvariant(), m.Help, m.Labels.AsEnumerable())))
            .Should().BeEmpty();
        scraped.Single(static f => f.Name == "sluice_reconcile_passes_total").Series.Should().BePositive("what is recorded arrives");
        text.Should().Contain("sluice_operator_leading 1");
    }

    /// <summary>Waits for the line that says where the operator listens.</summary>
    sealed partial class AddressLog : ILoggerFactory, ILogger
    {
        public TaskCompletionSource<string> Address { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (Listening().Match(formatter(state, exception)) is { Success: true } match)
                Address.TrySetResult(match.Value);
        }

        public void Dispose()
        {
        }

        [GeneratedRegex(@"(?<=^Health and metrics on )\S+")]
        private static partial Regex Listening();
    }
}
