using Microsoft.AspNetCore.Connections;
using Sluice.Runtime.Grpc.Framing;
using Sluice.Runtime.Grpc.Wire;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Grpc.Calls;

/// <summary>What all unary calls share: the deadline, the message, and turning failures into statuses.</summary>
internal sealed class UnaryCall(ServingState state, long maxMessage)
{
    public async Task AnswerAsync(GrpcExchange exchange, IUnaryMethod method)
    {
        var began = state.Metrics.Time.GetTimestamp();
        try
        {
            CallHeaders.Read(exchange, state.Metrics.Time, out var gzip);
            // Without a deadline the body's own end is the only thing to wait for: an abort ends it too.
            var body = await RequestBody.ReadAsync(exchange.Body, exchange.RequestHeaders.ContentLength, exchange.Deadline.TimeoutToken);
            ValueTask handling;
            using (var message = await RequestMessage.OpenAsync(body, gzip, maxMessage, state.Unpacking, exchange.Deadline.TimeoutToken))
            {
                exchange.AnswersGzip = message.WasCompressed
                    && Compression.Has(exchange.RequestHeaders.GrpcAcceptEncoding.ToString());
                handling = method.HandleAsync(exchange, message.Memory);
            }
            await handling;
            exchange.Succeed();
        }
        catch (Exception e)
        {
            Fail(exchange, e);
        }
        finally
        {
            exchange.Deadline.End();
            if (method.IsModelCall)
                Count(exchange, began);
        }
    }

    private void Fail(GrpcExchange exchange, Exception error)
    {
        switch (error)
        {
            case GrpcException e:
                exchange.Fail(e.Code, e.Message);
                break;
            case RequestException e:
                exchange.Fail(GrpcCodes.Of(e), e.Message, e.RetryAfter);
                break;
            case ProtoException e:
                exchange.Fail(GrpcCode.InvalidArgument, e.Message);
                break;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                exchange.Fail(GrpcCode.ResourceExhausted, $"The message is larger than the {maxMessage} bytes that this server takes.");
                break;
            case BadHttpRequestException e:
                exchange.Fail(GrpcCode.InvalidArgument, $"The request cannot be read: {e.Message}");
                break;
            case OperationCanceledException or ConnectionResetException or ConnectionAbortedException or IOException:
                Stopped(exchange);
                break;
            default:
                exchange.FailUnforeseen(state.Logger, error);
                break;
        }
    }

    private static void Stopped(GrpcExchange exchange)
    {
        if (exchange.Aborted.IsCancellationRequested)
        {
            exchange.Fail(GrpcCode.Cancelled, "The caller went away.");
            return;
        }
        var who = exchange.Model is { } model ? $"Model \"{model.Name}\" did not answer" : "The request did not come";
        exchange.Fail(GrpcCode.DeadlineExceeded, $"{who} within {exchange.Deadline.Timeout?.TotalMilliseconds:0.###} ms.");
    }

    private void Count(GrpcExchange exchange, long began)
    {
        if (exchange.Model is { } model)
        {
            model.Metrics.End();
            model.Metrics.Grpc.Answered((int)exchange.Code, began);
        }
        else
        {
            state.Metrics.Rejected.With("model").Increment();
        }
    }
}
