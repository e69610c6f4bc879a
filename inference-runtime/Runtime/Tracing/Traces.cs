using System.Diagnostics;
using Sluice.Runtime.Grpc.Calls;
using Sluice.Runtime.Http;
using Sluice.Runtime.Routing;

namespace Sluice.Runtime.Tracing;

/// <summary>
/// Spans of requests: one where a request is answered, one around each passing on or copying to another pod, which
/// answers under it. Nothing is made while nobody listens.
/// </summary>
internal static class Traces
{
    public const string Name = "Sluice.Runtime";

    private static readonly ActivitySource Source = new(Name);

    public static bool On => Source.HasListeners();

    public static Activity? Begin(Exchange exchange, RestRoute route, string revision)
    {
        var span = Begin($"{exchange.Method} {Template(route.Kind)}".TrimEnd(), exchange.RequestHeaders);
        span?.SetTag("http.request.method", exchange.Method).SetTag("url.path", exchange.Target);
        if (route.IsInference)
            span?.SetTag("sluice.model", route.Model);
        return Identify(span, exchange.RequestId, revision);
    }

    public static void End(Activity? span, Exchange exchange)
    {
        span?.SetTag("http.response.status_code", exchange.Status);
        if (exchange.Status >= 500)
            span?.SetStatus(ActivityStatusCode.Error);
    }

    /// <param name="isKnown">Whether there is such a method.</param>
    public static Activity? Begin(GrpcExchange exchange, bool isKnown, string revision)
    {
        var span = Begin(isKnown ? exchange.Path[1..] : "unknown method", exchange.RequestHeaders);
        span?.SetTag("rpc.system", "grpc");
        return Identify(span, exchange.RequestId, revision);
    }

    public static void End(Activity? span, GrpcExchange exchange)
    {
        span?.SetTag("rpc.grpc.status_code", (int)exchange.Code);
        if (Outcomes.OfGrpc(exchange.Code) != Contract.Metrics.RouteOutcomes.Answered)
            span?.SetStatus(ActivityStatusCode.Error, exchange.Code.ToString());
    }

    /// <summary>Around what goes to another pod; the request goes under it.</summary>
    /// <param name="what">A span's name.</param>
    public static Activity? Begin(string what, HttpRequestMessage request)
    {
        var headers = request.Headers;
        var span = Source.StartActivity(what, ActivityKind.Client, Parent(First("traceparent"), First("tracestate"), isRemote: false));
        if (span is null)
            return null;
        headers.Remove("traceparent");
        headers.TryAddWithoutValidation("traceparent", span.Id);
        return span.SetTag("server.address", request.RequestUri!.Authority);

        string? First(string name) => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
    }

    public static void End(Activity? span, Passed passed)
    {
        span?.SetTag("sluice.outcome", passed.Outcome);
        if (passed.Response is null)
            span?.SetStatus(ActivityStatusCode.Error, passed.Outcome);
    }

    /// <summary>Within the caller's span, if it sent one. What is passed on takes the headers along, and so goes under this one.</summary>
    private static Activity? Begin(string name, IHeaderDictionary headers)
    {
        var span = Source.StartActivity(name, ActivityKind.Server, Parent(headers.TraceParent, headers.TraceState, isRemote: true));
        if (span is not null)
            headers.TraceParent = span.Id;
        return span;
    }

    /// <summary>Default when there is none, or none that is valid.</summary>
    private static ActivityContext Parent(string? traceParent, string? traceState, bool isRemote) =>
        ActivityContext.TryParse(traceParent, traceState, isRemote, out var parent) ? parent : default;

    private static Activity? Identify(Activity? span, string requestId, string revision) =>
        span?.SetTag("sluice.revision", revision).SetTag("sluice.request_id", requestId);

    /// <summary>Paths without what differs from request to request.</summary>
    private static string Template(RouteKind kind) => kind switch
    {
        RouteKind.V2Infer => "/v2/models/{model}/infer",
        RouteKind.V1Predict => "/v1/models/{model}:predict",
        RouteKind.V1Feedback => "/v1/models/{model}:feedback",
        RouteKind.Predict => "/predict",
        _ => string.Empty,
    };
}
