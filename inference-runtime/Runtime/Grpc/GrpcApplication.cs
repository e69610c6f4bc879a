using System.Collections.Frozen;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Runtime.Grpc.Calls;
using Sluice.Runtime.Grpc.Health;
using Sluice.Runtime.Grpc.Inference;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Json;
using Sluice.Runtime.Payloads;
using Sluice.Runtime.Routing;
using Sluice.Runtime.Tracing;

namespace Sluice.Runtime.Grpc;

/// <summary>
/// The gRPC port: the Open Inference Protocol's inference.GRPCInferenceService and grpc.health.v1.Health, right on the
/// server's HTTP/2 streams. Framing and protobuf are ours, so that a request goes from the socket into the model's input
/// memory without objects in between. Server reflection is not offered: clients take the .proto file
/// (Contract/protos/inference.proto).
/// </summary>
internal sealed class GrpcApplication : IHttpApplication<GrpcExchange>
{
    public const string InferenceService = "inference.GRPCInferenceService";
    public const string HealthService = "grpc.health.v1.Health";

    private const string InferPath = $"/{InferenceService}/ModelInfer";

    /// <summary>For those who only look after the server, and for everybody.</summary>
    private static readonly FrozenSet<string> Open = FrozenSet.ToFrozenSet(
        [$"/{InferenceService}/ServerLive", $"/{InferenceService}/ServerReady", $"/{HealthService}/Check", $"/{HealthService}/Watch"]);

    private readonly ServingState state;
    private readonly UnaryCall calls;
    private readonly ModelInfer infer;
    private readonly PayloadTap? tap;
    private readonly GrpcRouting? routing;
    private readonly FrozenDictionary<string, IUnaryMethod> methods;

    /// <param name="state">What is served, and how.</param>
    /// <param name="maxMessage">Largest request message in bytes, before and after decompression.</param>
    public GrpcApplication(ServingState state, long maxMessage)
    {
        (this.state, calls, infer) = (state, new UnaryCall(state, maxMessage), new ModelInfer(state));
        tap = state.Payloads is { } payloads ? new PayloadTap(state, payloads) : null;
        routing = state.Split is { } split ? new GrpcRouting(state, split, InferHereAsync) : null;
        methods = new Dictionary<string, IUnaryMethod>
        {
            [$"/{InferenceService}/ServerLive"] = new ServerLive(),
            [$"/{InferenceService}/ServerReady"] = new ServerReady(state),
            [$"/{InferenceService}/ServerMetadata"] = new ServerMetadata(state),
            [$"/{InferenceService}/ModelReady"] = new ModelReady(state),
            [$"/{InferenceService}/ModelMetadata"] = new ModelMetadata(state),
            [$"/{HealthService}/Check"] = new HealthCheck(state),
            [$"/{HealthService}/Watch"] = new HealthWatch(state),
        }.ToFrozenDictionary();
    }

    public GrpcExchange CreateContext(IFeatureCollection contextFeatures)
    {
        GrpcExchange exchange;
        if (contextFeatures is IHostContextContainer<GrpcExchange> container)
            exchange = container.HostContext ??= new GrpcExchange();
        else
            exchange = new GrpcExchange();
        exchange.Attach(contextFeatures);
        return exchange;
    }

    public void DisposeContext(GrpcExchange context, Exception? exception)
    {
        // The stream keeps the exchange for its next call.
    }

    public Task ProcessRequestAsync(GrpcExchange context)
    {
        if (!IsGrpc(context))
            return Task.CompletedTask;
        context.Begin(state.Revision);
        return Traces.On ? TracedAsync(context) : AnswerAsync(context);
    }

    private async Task TracedAsync(GrpcExchange context)
    {
        using var span = Traces.Begin(context, context.Path == InferPath || methods.ContainsKey(context.Path), state.Revision);
        await AnswerAsync(context);
        Traces.End(span, context);
    }

    private Task AnswerAsync(GrpcExchange context)
    {
        var path = context.Path;
        if (state.Keys is { } keys && !Open.Contains(path) && !keys.Admits(context.RequestHeaders.Authorization))
        {
            state.Metrics.Rejected.With("key").Increment();
            context.Fail(GrpcCode.Unauthenticated, "This server answers those who show a key; send yours as metadata authorization: Bearer KEY.");
            return Task.CompletedTask;
        }
        if (path == InferPath)
            return routing is not null ? routing.AnswerAsync(context) : InferHereAsync(context);
        if (methods.TryGetValue(path, out var method))
            return calls.AnswerAsync(context, method);
        state.Metrics.Rejected.With("path").Increment();
        context.Fail(GrpcCode.Unimplemented, $"There is no method {Excerpt.Of(path)} here.");
        return Task.CompletedTask;
    }

    private Task InferHereAsync(GrpcExchange exchange) =>
        tap is null ? InferOwnAsync(exchange) : tap.AnswerAsync(exchange, InferOwnAsync);

    private Task InferOwnAsync(GrpcExchange exchange) => calls.AnswerAsync(exchange, infer);

    /// <summary>Tells what is no gRPC client at all, in HTTP's words.</summary>
    private bool IsGrpc(GrpcExchange exchange)
    {
        var type = exchange.RequestHeaders.ContentType.ToString();
        var (status, message) = exchange switch
        {
            { IsHttp2: false } => (426, "gRPC goes over HTTP/2."),
            _ when !IsGrpcType(type) => (415, $"This port speaks gRPC; Content-Type {Excerpt.Of(type)} is not application/grpc."),
            { Method: not "POST" } => (405, "gRPC calls are POST requests."),
            _ => (200, string.Empty),
        };
        if (status == 200)
            return true;
        state.Metrics.Rejected.With("protocol").Increment();
        exchange.RefuseHttp(status, message);
        return false;
    }

    /// <summary>application/grpc or application/grpc+proto, perhaps with parameters; no other message format.</summary>
    private static bool IsGrpcType(string type)
    {
        if (type == GrpcExchange.ContentType)
            return true;
        var end = type.IndexOf(';');
        var media = (end < 0 ? type : type.AsSpan(0, end)).Trim();
        return media.Equals(GrpcExchange.ContentType, StringComparison.OrdinalIgnoreCase)
            || media.Equals("application/grpc+proto", StringComparison.OrdinalIgnoreCase);
    }
}
