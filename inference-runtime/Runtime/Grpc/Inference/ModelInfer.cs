using Sluice.Runtime.Grpc.Calls;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Models;
using Sluice.Runtime.Protocols;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>The call that everything else is there for.</summary>
internal sealed class ModelInfer(ServingState state) : IUnaryMethod
{
    public bool IsModelCall => true;

    public ValueTask HandleAsync(GrpcExchange exchange, ReadOnlyMemory<byte> message)
    {
        var head = InferHead.Read(message.Span);
        if (head.ModelName.IsEmpty)
            throw RequestException.Bad("\"model_name\" is missing.");
        var model = ModelRequest.Find(state.Catalog, exchange.LastModel.Route(head.ModelName, head.ModelVersion));
        exchange.Model = model;
        model.Metrics.Begin();
        var call = model.Rent();
        var returned = false;
        try
        {
            var raw = InferTensors.Read(message.Span, call);
            if (model.Feedback is not null)
                call.Identify(exchange.RequestId, isEscaped: false);
            var running = model.RunAsync(call, Patience(exchange, call));
            if (!running.IsCompletedSuccessfully)
            {
                returned = true;
                return Later(exchange, model, call, running, raw);
            }
            exchange.MarkNotFinite(call);
            exchange.Reply.Send(exchange, call, raw);
            return ValueTask.CompletedTask;
        }
        finally
        {
            if (!returned)
                model.Return(call);
        }
    }

    /// <summary>How long the call may take: what its header said, what its parameters say, else what the server grants.</summary>
    private CancellationToken Patience(GrpcExchange exchange, ModelCall call)
    {
        var deadline = exchange.Deadline;
        if (call.Timeout is { } asked)
            deadline.Limit(asked);
        if (deadline.Timeout is null && call.Model.IsOverInAMoment)
        {
            // As over REST, the common watch does.
            call.Unwatched.Caller = exchange.Caller;
            return default;
        }
        if (deadline.Timeout is null && state.RequestTimeout > TimeSpan.Zero)
            deadline.Limit(state.RequestTimeout);
        // What is over is not begun.
        deadline.Token.ThrowIfCancellationRequested();
        return deadline.Token;
    }

    private static async ValueTask Later(
        GrpcExchange exchange, ServedModel model, ModelCall call, ValueTask running, bool raw)
    {
        try
        {
            await running;
            exchange.MarkNotFinite(call);
            exchange.Reply.Send(exchange, call, raw);
        }
        finally
        {
            model.Return(call);
        }
    }
}
