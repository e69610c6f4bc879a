using System.Text.Json;
using Sluice.Contract;
using Sluice.Monitoring.Profiles;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Admin;

/// <summary>What is monitored: GET /v2/models/MODEL[/versions/VERSION]/monitoring, and …/baseline for the baseline in force.</summary>
internal sealed class MonitoringHandler(ServingState state)
{
    /// <returns>False when the path asks for neither.</returns>
    public bool TryHandle(Exchange exchange, string path)
    {
        if (!path.StartsWith("/v2/models/", StringComparison.Ordinal))
            return false;
        var parts = path["/v2/models/".Length..].Split('/');
        if (parts is not ([_, "monitoring" or "baseline"] or [_, "versions", _, "monitoring" or "baseline"]))
            return false;
        if (exchange.Method is not ("GET" or "HEAD"))
            throw new RequestException(405, $"{Excerpt.Of(exchange.Method)} is not allowed here; use GET, HEAD.") { Allow = "GET, HEAD" };
        var name = Uri.UnescapeDataString(parts[0]);
        var versions = state.Catalog.Find(name) ?? throw RequestException.NotFound($"Model \"{Excerpt.Of(name)}\" does not exist.");
        var entry = parts.Length == 2 ? versions.Default : versions.Find(Uri.UnescapeDataString(parts[2]));
        if (entry?.Served is not { } served || (served.Monitor is null && (served.Feedback is null || parts[^1] == "baseline")))
            throw RequestException.NotFound($"Model \"{Excerpt.Of(name)}\" is not monitored; see --baseline, --learn-baseline and --feedback-window.");
        if (parts[^1] == "monitoring")
        {
            exchange.Answer(200, Exchange.JsonType, JsonSerializer.SerializeToUtf8Bytes(Document(served), ContractJson.Default.MonitorDocument));
            return true;
        }
        var baseline = served.Monitor!.Baseline
            ?? throw new RequestException(503, $"The baseline of \"{Excerpt.Of(name)}\" is being learnt.") { RetryAfter = 10 };
        exchange.Answer(200, Exchange.JsonType, JsonSerializer.SerializeToUtf8Bytes(baseline.ToDocument(), ContractJson.Default.ProfileDocument));
        return true;
    }

    private MonitorDocument Document(ServedModel model)
    {
        var document = model.Monitor?.Document()
            ?? new MonitorDocument { Model = model.Name, Version = model.Version, Revision = state.Revision, Unwatched = [] };
        return document with { Feedback = model.Feedback?.Document() };
    }
}
