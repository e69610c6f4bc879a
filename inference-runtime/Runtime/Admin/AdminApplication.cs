using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Contract;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Admin;

/// <summary>The port for the cluster, not for users: probes, metrics, the model repository and statistics.</summary>
internal sealed class AdminApplication(ServingState state, ModelRepository repository) : IHttpApplication<Exchange>
{
    private readonly RepositoryHandler models = new(state, repository);
    private readonly StatisticsHandler statistics = new(state);
    private readonly MonitoringHandler monitoring = new(state);

    public Exchange CreateContext(IFeatureCollection contextFeatures)
    {
        var exchange = new Exchange();
        exchange.Attach(contextFeatures);
        return exchange;
    }

    public void DisposeContext(Exchange context, Exception? exception)
    {
        // Nothing is kept between requests.
    }

    public async Task ProcessRequestAsync(Exchange context)
    {
        var query = context.Target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? context.Target : context.Target[..query];
        try
        {
            if (!TryRead(context, path) && !statistics.TryHandle(context, path)
                && !monitoring.TryHandle(context, path) && !await models.TryHandleAsync(context, path))
                throw RequestException.NotFound($"There is nothing at {Excerpt.Of(path)}; try /livez, /readyz or /metrics.");
        }
        catch (RequestException e)
        {
            context.AnswerError(e);
        }
    }

    private bool TryRead(Exchange context, string path)
    {
        switch (path)
        {
            case "/livez" or "/healthz":
                context.Answer(200, "text/plain", "ok"u8);
                return true;
            case "/readyz":
                Ready(context);
                return true;
            case "/metrics":
                context.Answer(200, PrometheusText.ContentType, state.Metrics.Registry.ToPrometheusText().Span);
                return true;
            case EvidenceDocument.Path when state.Split is { } split:
                context.Answer(200, Exchange.JsonType, JsonSerializer.SerializeToUtf8Bytes(split.Metrics.Evidence.Document(), ContractJson.Default.EvidenceDocument));
                return true;
            default:
                return false;
        }
    }

    private void Ready(Exchange exchange)
    {
        if (state.IsReady)
            exchange.Answer(200, "text/plain", "ok"u8);
        else
            exchange.Answer(503, "text/plain", Waiting());
    }

    private ReadOnlySpan<byte> Waiting() => state switch
    {
        { IsDraining: true } => "draining"u8,
        { HasSplit: false } => "the split document cannot be read; the log says why"u8,
        _ => "models are being loaded"u8,
    };
}
