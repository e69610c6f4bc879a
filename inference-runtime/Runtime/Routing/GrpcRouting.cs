using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Grpc;
using Sluice.Runtime.Grpc.Calls;
using Sluice.Runtime.Grpc.Framing;
using Sluice.Runtime.Grpc.Inference;
using Sluice.Runtime.Grpc.Wire;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Routing;

/// <summary>ModelInfer in a pod with a split; see <see cref="RestRouting"/>.</summary>
/// <param name="own">Answers here.</param>
internal sealed class GrpcRouting(ServingState state, Split split, Func<GrpcExchange, Task> own)
{
    public Task AnswerAsync(GrpcExchange exchange) =>
        split.Table is { } table ? GuardAsync(exchange, table) : own(exchange);

    private async Task GuardAsync(GrpcExchange exchange, SplitTable table)
    {
        try
        {
            await RouteAsync(exchange, table);
        }
        catch (Exception e)
        {
            exchange.FailUnforeseen(state.Logger, e);
        }
    }

    private Task RouteAsync(GrpcExchange exchange, SplitTable table)
    {
        var chosen = split.Choice.Of(table, exchange.RequestHeaders);
        if (chosen.Unknown is { } unknown)
            return Refuse(exchange, table.Unknown(Excerpt.Of(unknown)));
        return chosen.Target switch
        {
            null => own(exchange),
            { IsOwn: true } when !chosen.Asked && table.Shadow is { } shadow && split.Shadows.IsDrawn(shadow) =>
                CopyAsync(exchange, chosen.Target, shadow, table.Own),
            { IsOwn: true } here => CountAsync(exchange, here, chosen.Asked),
            { Grpc: null } => Refuse(exchange, $"Revision \"{chosen.Target.Revision}\" has no address for gRPC in the split."),
            { } target => PassOnAsync(exchange, target, chosen.Asked),
        };
    }

    private static Task Refuse(GrpcExchange exchange, string message)
    {
        exchange.Fail(GrpcCode.NotFound, message);
        return Task.CompletedTask;
    }

    private async Task CountAsync(GrpcExchange exchange, RouteTarget here, bool asked)
    {
        var began = state.Metrics.Time.GetTimestamp();
        await own(exchange);
        var outcome = exchange.Code == GrpcCode.Cancelled ? RouteOutcomes.Cancelled : Outcomes.OfGrpc(exchange.Code);
        (asked ? here.Asked : here.Drawn).Count(outcome, began, exchange.HasNotFinite);
    }

    private async Task CopyAsync(GrpcExchange exchange, RouteTarget here, ShadowTarget shadow, string revision)
    {
        var began = state.Metrics.Time.GetTimestamp();
        var body = await ReadAsync(exchange);
        if (body is not null)
            ReadBody.Put(exchange.Features, body);
        var answer = CapturedAnswer.Put(exchange.Features);
        await CountAsync(exchange, here, asked: false);
        var seconds = state.Metrics.Time.GetElapsedTime(began).TotalSeconds;
        if (body is null || exchange.Code == GrpcCode.Cancelled)
            return;
        var bytes = body.Length + answer.Bytes.Length;
        exchange.Features.GetRequiredFeature<IHttpResponseFeature>().OnCompleted(
            _ =>
            {
                split.Shadows.Offer(shadow, revision, bytes, (asked, isShadow) => new ShadowCopy(
                    asked,
                    Request(exchange, isShadow ? shadow.Grpc : shadow.FloorGrpc!, body, ShadowQueue.Patience),
                    (int)exchange.Code,
                    answer.Bytes,
                    IsGrpc: true,
                    static r => (int?)Code(r),
                    bytes) { Tolerances = shadow.Tolerances, Seconds = seconds });
                return Task.CompletedTask;
            },
            exchange);
    }

    private async Task PassOnAsync(GrpcExchange exchange, RouteTarget target, bool asked)
    {
        var began = state.Metrics.Time.GetTimestamp();
        if (await ReadAsync(exchange) is not { } body)
        {
            await own(exchange);
            return;
        }
        if (Patience(exchange, target) is not { } patience || (!asked && IsHere(exchange, body)))
        {
            await HereAsync(exchange, body);
            return;
        }
        if (!asked && !target.Breaker.Allows())
        {
            target.Drawn.Count(RouteOutcomes.Withheld, began);
            await HereAsync(exchange, body);
            return;
        }
        var passed = await split.Forwarder.SendAsync(Request(exchange, target.Grpc!, body, patience), patience, exchange.Aborted);
        using var response = passed.Response;
        var code = response is null ? null : Code(response);
        var outcome = response is null ? passed.Outcome : Outcomes.OfGrpc(code);
        var took = state.Metrics.Time.GetElapsedTime(began);
        if (!asked && outcome == RouteOutcomes.Answered && code != GrpcCode.Ok)
        {
            await HereAsync(exchange, body);
            target.Count(passed, Outcomes.OfRefusal(exchange.Code == GrpcCode.Ok), took, asked);
            return;
        }

        target.Count(passed, outcome, took, asked, hurried: patience < target.Timeout);
        if (outcome == RouteOutcomes.Cancelled)
            exchange.Fail(GrpcCode.Cancelled, "The caller went away.");
        else if (response is not null && (outcome == RouteOutcomes.Answered || (asked && code is not null)))
            await SendAsync(exchange, response, passed.Body);
        else if (asked)
            exchange.Fail(outcome == RouteOutcomes.Late ? GrpcCode.DeadlineExceeded : GrpcCode.Unavailable, target.NoAnswer(outcome));
        else
            await HereAsync(exchange, body);
    }

    /// <summary>Answers here what was read to be passed on.</summary>
    private Task HereAsync(GrpcExchange exchange, byte[] body)
    {
        ReadBody.Put(exchange.Features, body);
        return own(exchange);
    }

    /// <returns>Null when it cannot be read; answering here then says why.</returns>
    public static async ValueTask<byte[]?> ReadAsync(GrpcExchange exchange)
    {
        try
        {
            using var read = await RequestBody.ReadAsync(exchange.Body, exchange.RequestHeaders.ContentLength, exchange.Aborted);
            return read.Memory.ToArray();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ConnectionAbortedException)
        {
            ReadBody.PutFailure(exchange.Features, e);
            return null;
        }
    }

    /// <summary>Half of what the caller grants at most: time has to be left to answer here. Null when that is unreadable.</summary>
    private TimeSpan? Patience(GrpcExchange exchange, RouteTarget target)
    {
        var granted = state.RequestTimeout;
        if (exchange.RequestHeaders.GrpcTimeout is { Count: > 0 } text && !GrpcTimeout.TryRead(text.ToString(), out granted))
            return null;
        return granted > TimeSpan.Zero && granted / 2 < target.Timeout ? granted / 2 : target.Timeout;
    }

    /// <summary>A version that only this revision has cannot be had elsewhere.</summary>
    private bool IsHere(GrpcExchange exchange, byte[] body)
    {
        // What is compressed or damaged is not looked into: whoever answers it will.
        if (body.Length < RequestMessage.PrefixLength || body[0] != 0)
            return false;
        try
        {
            var head = InferHead.Read(body.AsSpan(RequestMessage.PrefixLength));
            if (head.ModelVersion.IsEmpty)
                return false;
            var route = exchange.LastModel.Route(head.ModelName, head.ModelVersion);
            return state.Catalog.Find(route.Model)?.Find(route.Version!) is not null;
        }
        catch (ProtoException)
        {
            return false;
        }
    }

    private HttpRequestMessage Request(GrpcExchange exchange, string to, byte[] body, TimeSpan patience)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, to + exchange.Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        PassedHeaders.ToRequest(exchange.RequestHeaders, request, state.Revision, exchange.RequestId);
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.Remove("grpc-timeout");
        request.Headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Write(patience));
        return request;
    }

    /// <summary>Null when the answer is not gRPC's.</summary>
    private static GrpcCode? Code(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            return null;
        var text = response.TrailingHeaders.NonValidated.TryGetValues("grpc-status", out var trailer) ? trailer.ToString()
            : response.Headers.NonValidated.TryGetValues("grpc-status", out var header) ? header.ToString() : null;
        return int.TryParse(text, out var code) && Enum.IsDefined((GrpcCode)code) ? (GrpcCode)code : null;
    }

    private static async Task SendAsync(GrpcExchange exchange, HttpResponseMessage from, ReadOnlyMemory<byte> body)
    {
        var headers = exchange.Features.GetRequiredFeature<IHttpResponseFeature>().Headers;
        PassedHeaders.ToAnswer(from.Headers.NonValidated, headers);
        PassedHeaders.ToAnswer(from.Content.Headers.NonValidated, headers);
        // Without a message the status is among the headers, and there are no trailers.
        if (body.Length > 0)
            await exchange.Answer.WriteAsync(body);
        PassedHeaders.ToAnswer(
            from.TrailingHeaders.NonValidated, exchange.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers);
    }
}
