using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Admin;

/// <summary>What a fetching process answers: /metrics, so that a long fetch can be watched.</summary>
internal sealed class FetchApplication(MetricRegistry metrics) : IHttpApplication<Exchange>
{
    private static readonly CallerLimits Limits = new(MaxBody: 0, MaxConnections: 16);

    /// <summary>Null when the port is not to be had: nobody's model waits for that.</summary>
    public static async Task<KestrelEndpoint?> StartAsync(IPEndPoint at, MetricRegistry metrics, ILoggerFactory logs)
    {
        try
        {
            return await KestrelEndpoint.StartAsync(at, HttpProtocols.Http1, Limits, new FetchApplication(metrics), logs);
        }
        catch (FailureException e)
        {
            Log.FetchUnwatched(logs.CreateLogger("Sluice.Runtime"), e.Message);
            return null;
        }
    }

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
        if (context.Target == "/metrics")
            context.Answer(200, PrometheusText.ContentType, metrics.ToPrometheusText().Span);
        else
            context.AnswerError(RequestException.NotFound("There is nothing here but /metrics."));
        return Task.CompletedTask;
    }
}
