using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Contract;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Json;
using Sluice.Runtime.Payloads;
using Sluice.Runtime.Protocols.Simple;
using Sluice.Runtime.Protocols.V1;
using Sluice.Runtime.Protocols.V2;
using Sluice.Runtime.Routing;
using Sluice.Runtime.Tracing;

namespace Sluice.Runtime.Http;

/// <summary>
/// The prediction port. It runs right on the server, without a middleware pipeline: at 20 µs a request, the pipeline
/// would be a good part of it.
/// </summary>
internal sealed class RestApplication : IHttpApplication<Exchange>
{
    private readonly ServingState state;
    private readonly V1Handler v1;
    private readonly V2Handler v2;
    private readonly SimpleHandler simple;
    private readonly FeedbackHandler feedback;
    private readonly RestRouting? routing;
    private readonly PayloadTap? tap;
    private readonly Func<Exchange, RestRoute, Task> own;

    public RestApplication(ServingState state)
    {
        (this.state, v1, v2, simple) = (state, new V1Handler(state), new V2Handler(state), new SimpleHandler(state));
        feedback = new FeedbackHandler(state);
        own = AnswerOwnAsync;
        tap = state.Payloads is { } payloads ? new PayloadTap(state, payloads) : null;
        routing = state.Split is { } split ? new RestRouting(state, split, AnswerHereAsync) : null;
    }

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
        return Traces.On ? TracedAsync(context, route) : AnswerAsync(context, route);
    }

    private async Task TracedAsync(Exchange context, RestRoute route)
    {
        using var span = Traces.Begin(context, route, state.Revision);
        await AnswerAsync(context, route);
        Traces.End(span, context);
    }

    private Task AnswerAsync(Exchange context, RestRoute route)
    {
        if (state.Revision.Length > 0)
            context.ResponseHeaders[Headers.Revision] = state.Revision;
        if (state.IsDraining)
            context.ResponseHeaders.Connection = "close";
        if (state.Keys is { } keys && !route.IsOpen && !keys.Admits(context.RequestHeaders.Authorization))
        {
            state.Metrics.Rejected.With("key").Increment();
            context.ResponseHeaders.WWWAuthenticate = "Bearer";
            context.AnswerError(401, "This server answers those who show a key; send yours as \"Authorization: Bearer KEY\".");
            return Task.CompletedTask;
        }
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
        // Feedback is not drawn, but goes to the revision that it names: that one made the prediction.
        var routed = route.IsInference || (route.IsPost && context.RequestHeaders.ContainsKey(Headers.Revision));
        return routing is not null && routed ? routing.AnswerAsync(context, route) : AnswerHereAsync(context, route);
    }

    private Task AnswerHereAsync(Exchange context, RestRoute route) =>
        tap is not null && route.IsInference ? tap.AnswerAsync(context, route, own) : AnswerOwnAsync(context, route);

    private Task AnswerOwnAsync(Exchange context, RestRoute route)
    {
        switch (route.Kind)
        {
            case RouteKind.V2Infer:
                return v2.InferAsync(context, route);
            case RouteKind.V1Predict:
                return v1.PredictAsync(context, route);
            case RouteKind.V1Feedback:
                return feedback.AnswerAsync(context, route);
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
