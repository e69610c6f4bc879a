using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Contract;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Json;
using Sluice.Runtime.Protocols.Simple;
using Sluice.Runtime.Protocols.V1;
using Sluice.Runtime.Protocols.V2;

namespace Sluice.Runtime.Http;

/// <summary>
/// The prediction port. It runs right on the server, without a middleware pipeline: at 20 µs a request, the pipeline
/// would be a good part of it.
/// </summary>
internal sealed class RestApplication(ServingState state) : IHttpApplication<Exchange>
{
    private readonly V1Handler v1 = new(state);
    private readonly V2Handler v2 = new(state);
    private readonly SimpleHandler simple = new(state);

    public Exchange CreateContext(IFeatureCollection contextFeatures)
    {
        Exchange exchange;
        if (contextFeatures is IHostContextContainer<Exchange> container)
            exchange = container.HostContext ??= new Exchange();
        else
            exchange = new Exchange();
        exchange.Attach(contextFeatures);
        return exchange;
    }

    public void DisposeContext(Exchange context, Exception? exception)
    {
        // The connection keeps the exchange for its next request.
    }

    public Task ProcessRequestAsync(Exchange context)
    {
        var target = context.Target;
        var route = ReferenceEquals(target, context.LastRoute.Target) ? context.LastRoute.Route : Find(context, target);
        if (state.Revision.Length > 0)
            context.ResponseHeaders[Headers.Revision] = state.Revision;
        if (state.IsDraining)
            context.ResponseHeaders.Connection = "close";
        if (route.IsPost != (context.Method == "POST") || !(route.IsPost || context.Method is "GET" or "HEAD"))
        {
            if (route.Kind != RouteKind.Unknown)
            {
                state.Metrics.Rejected.With("method").Increment();
                context.AnswerError(new RequestException(
                    405, $"{Excerpt.Of(context.Method)} is not allowed here; use {route.Allow}.") { Allow = route.Allow });
                return Task.CompletedTask;
            }
        }
        switch (route.Kind)
        {
            case RouteKind.V2Infer:
                return v2.InferAsync(context, route);
            case RouteKind.V1Predict:
                return v1.PredictAsync(context, route);
            case RouteKind.Predict:
                return simple.PredictAsync(context, route);
            default:
                Read(context, route);
                return Task.CompletedTask;
        }
    }

    private static RestRoute Find(Exchange exchange, string target)
    {
        var route = Router.Find(target);
        exchange.LastRoute = (target, route);
        return route;
    }

    private void Read(Exchange exchange, RestRoute route)
    {
        try
        {
            switch (route.Kind)
            {
                case RouteKind.Root:
                    exchange.Answer(200, Exchange.JsonType, "{\"status\":\"alive\"}"u8);
                    break;
                case RouteKind.V1Models or RouteKind.V1Model:
                    v1.Read(exchange, route);
                    break;
                case RouteKind.Health or RouteKind.ModelInfo or RouteKind.OpenApi or RouteKind.Docs:
                    simple.Read(exchange, route);
                    break;
                case RouteKind.Unknown:
                    state.Metrics.Rejected.With("path").Increment();
                    throw RequestException.NotFound($"There is nothing at {Excerpt.Of(exchange.Target)}.");
                default:
                    v2.Read(exchange, route);
                    break;
            }
        }
        catch (RequestException e)
        {
            exchange.AnswerError(e);
        }
    }
}
