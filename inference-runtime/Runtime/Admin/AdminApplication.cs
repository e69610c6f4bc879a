using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Admin;

/// <summary>The port for the cluster, not for users: probes and metrics.</summary>
internal sealed class AdminApplication(ServingState state) : IHttpApplication<Exchange>
{
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

    public Task ProcessRequestAsync(Exchange context)
    {
        var query = context.Target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? context.Target : context.Target[..query];
        switch (path)
        {
            case "/livez" or "/healthz":
                context.Answer(200, "text/plain", "ok"u8);
                break;
            case "/readyz":
                Ready(context);
                break;
            case "/metrics":
                context.Answer(200, PrometheusText.ContentType, state.Metrics.Registry.ToPrometheusText().Span);
                break;
            default:
                context.AnswerError(404, $"There is nothing at {Excerpt.Of(path)}; try /livez, /readyz or /metrics.");
                break;
        }
        return Task.CompletedTask;
    }

    private void Ready(Exchange exchange)
    {
        if (state.IsReady)
            exchange.Answer(200, "text/plain", "ok"u8);
        else
            exchange.Answer(503, "text/plain", state.IsDraining ? "draining"u8 : "models are being loaded"u8);
    }
}
