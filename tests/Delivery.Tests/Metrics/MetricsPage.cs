using System.Collections.Immutable;
using System.Text;
using Sluice.Contract.Metrics;
using Sluice.Operator.Metrics;

namespace Sluice.Delivery.Tests.Metrics;

/// <summary>docs/metrics.md, from the catalogs of the two programs.</summary>
internal static class MetricsPage
{
    const string Introduction =
        """
        # Metrics

        Written from the code by `make golden`; a scrape of each program in the tests shows these metrics and no other. Both
        programs speak Prometheus' text format. A histogram has the series `_bucket`, `_sum` and `_count`, its buckets an
        additional label `le`. Times are in seconds, sizes in bytes, and a share of 1 is everything.

        - The **operator** answers at `/metrics` of its port 8080 (`--metrics`); the chart makes a ServiceMonitor for it with
          `serviceMonitor.enabled`. Its labels `namespace` and `inferenceservice` name the service that it speaks of, so a
          scrape must honour them (`honorLabels: true`).
        - **Runtime pods** answer at `/metrics` of their port `admin` (8081); `podMonitor.enabled` makes a PodMonitor, which
          adds `namespace`, `pod`, `sluice_dev_inferenceservice` and `sluice_dev_revision`. `model` is the service's name,
          `version` the ModelVersion's version, and `revision` the revision that the pod belongs to.

        Alerts on them are in [the runbook](runbook.md), with the rules to load; dashboards are in `charts/sluice/dashboards`.

        """;

    public static string Render()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        Program(text, "Operator", OperatorCatalog.Groups);
        Program(text, "Runtime", RuntimeCatalog.Groups);
        return text.ToString();
    }

    static void Program(StringBuilder text, string name, ImmutableArray<MetricGroup> groups)
    {
        text.Append($"\n## {name}\n");
        foreach (var group in groups)
        {
            text.Append($"\n### {group.Title}\n\n{group.When}\n\n| metric | type | unit | labels | what |\n|---|---|---|---|---|\n");
            foreach (var metric in group.Metrics)
            {
                var labels = string.Join(", ", metric.Labels.Select(static l => $"`{l}`"));
                text.Append($"| `{metric.Name}` | {metric.Type.ToString().ToLowerInvariant()} | {metric.Unit} | {labels} | {metric.Help} |\n");
            }
        }
    }
}
