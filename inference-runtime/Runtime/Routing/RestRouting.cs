using Microsoft.AspNetCore.Http.Features;
using Sluice.Contract;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Routing;

/// <summary>Inference over REST in a pod with a split: here or elsewhere, and here after all when elsewhere fails.</summary>
/// <param name="own">Answers here.</param>
internal sealed class RestRouting(ServingState state, Split split, Func<Exchange, RestRoute, Task> own)
{
    public Task AnswerAsync(Exchange exchange, RestRoute route) =>
        split.Table is { } table ? GuardAsync(exchange, route, table) : own(exchange, route);

    private async Task GuardAsync(Exchange exchange, RestRoute route, SplitTable table)
    {
        try
        {
            await RouteAsync(exchange, route, table);
        }
        catch (Exception e)
        {
            exchange.AnswerFailure(state.Logger, e);
        }
    }

    private Task RouteAsync(Exchange exchange, RestRoute route, SplitTable table)
    {
        var chosen = split.Choice.Of(table, exchange.RequestHeaders);
        if (chosen.Unknown is { } unknown)
            return Refuse(exchange, 404, table.Unknown(Excerpt.Of(unknown)));
        return chosen.Target switch
        {
            null => own(exchange, route),
            { IsOwn: true } when !chosen.Asked && table.Shadow is { } shadow && split.Shadows.IsDrawn(shadow) =>
                CopyAsync(exchange, route, chosen.Target, shadow, table.Own),
            { IsOwn: true } here => CountAsync(exchange, route, here, chosen.Asked),
            // A version that only this revision has cannot be had elsewhere.
            _ when !chosen.Asked && IsHere(route) => own(exchange, route),
            { Http: null } => Refuse(exchange, 404, $"Revision \"{chosen.Target.Revision}\" has no address for REST in the split."),
            { } target when chosen.Asked || target.Breaker.Allows() => PassOnAsync(exchange, route, target, chosen.Asked),
            { } target => WithholdAsync(exchange, route, target),
        };
    }

    private static Task Refuse(Exchange exchange, int status, string message)
    {
        exchange.AnswerError(status, message);
        return Task.CompletedTask;
    }

    private bool IsHere(RestRoute route) =>
        route.Version is { } version && state.Catalog.Find(route.Model)?.Find(version) is not null;

    private async Task CountAsync(Exchange exchange, RestRoute route, RouteTarget here, bool asked)
    {
        var began = state.Metrics.Time.GetTimestamp();
        await own(exchange, route);
        (asked ? here.Asked : here.Drawn).Count(Outcomes.OfHttp(exchange.Status), began, exchange.ResponseHeaders.ContainsKey(Headers.NotFinite));
    }

    private Task WithholdAsync(Exchange exchange, RestRoute route, RouteTarget target)
    {
        target.Drawn.Count(RouteOutcomes.Withheld, state.Metrics.Time.GetTimestamp());
        return own(exchange, route);
    }

    private async Task CopyAsync(Exchange exchange, RestRoute route, RouteTarget here, ShadowTarget shadow, string revision)
    {
        var began = state.Metrics.Time.GetTimestamp();
        var body = await ReadAsync(exchange);
        if (body is not null)
            ReadBody.Put(exchange.Features, body);
        var answer = CapturedAnswer.Put(exchange.Features);
        exchange.Attach(exchange.Features);
        await own(exchange, route);
        var outcome = Outcomes.OfHttp(exchange.Status);
        here.Drawn.Count(outcome, began, exchange.ResponseHeaders.ContainsKey(Headers.NotFinite));
        var seconds = state.Metrics.Time.GetElapsedTime(began).TotalSeconds;
        if (body is null || outcome == RouteOutcomes.Cancelled)
            return;
        var bytes = body.Length + answer.Bytes.Length;
        exchange.Features.GetRequiredFeature<IHttpResponseFeature>().OnCompleted(
            _ =>
            {
                split.Shadows.Offer(shadow, revision, bytes, (asked, isShadow) => new ShadowCopy(
                    asked,
                    Request(exchange, isShadow ? shadow.Http : shadow.FloorHttp!, body),
                    exchange.Status,
                    answer.Bytes,
                    IsGrpc: false,
                    static r => (int)r.StatusCode,
                    bytes) { Tolerances = shadow.Tolerances, Seconds = seconds });
                return Task.CompletedTask;
            },
            exchange);
    }

    private async Task PassOnAsync(Exchange exchange, RestRoute route, RouteTarget target, bool asked)
    {
        var began = state.Metrics.Time.GetTimestamp();
        if (await ReadAsync(exchange) is not { } body)
        {
            await own(exchange, route);
            return;
        }
        var passed = await split.Forwarder.SendAsync(Request(exchange, target.Http!, body), Patience(target), exchange.Aborted);
        using var response = passed.Response;
        var outcome = response is null ? passed.Outcome : Outcomes.OfHttp((int)response.StatusCode);
        var took = state.Metrics.Time.GetElapsedTime(began);
        if (!asked && outcome == RouteOutcomes.Answered && !response!.IsSuccessStatusCode)
        {
            ReadBody.Put(exchange.Features, body);
            await own(exchange, route);
            target.Count(passed, Outcomes.OfRefusal(Outcomes.IsSuccess(exchange.Status)), took, asked);
            return;
        }

        target.Count(passed, outcome, took, asked);
        if (outcome == RouteOutcomes.Cancelled)
            exchange.CallerGone();
        else if (response is not null && (asked || outcome == RouteOutcomes.Answered))
            await SendAsync(exchange, response, passed.Body);
        else if (asked)
            exchange.AnswerError(outcome == RouteOutcomes.Late ? 504 : 502, target.NoAnswer(outcome));
        else
        {
            ReadBody.Put(exchange.Features, body);
            await own(exchange, route);
        }
    }

    /// <returns>Null when it cannot be read; answering here then says why.</returns>
    public static async ValueTask<byte[]?> ReadAsync(Exchange exchange)
    {
        try
        {
            using var read = await RequestBody.ReadAsync(exchange.Body, exchange.RequestHeaders.ContentLength, default);
            return read.Memory.ToArray();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            ReadBody.PutFailure(exchange.Features, e);
            return null;
        }
    }

    /// <summary>Time has to be left to answer here.</summary>
    private TimeSpan Patience(RouteTarget target) =>
        state.RequestTimeout > TimeSpan.Zero && state.RequestTimeout / 2 < target.Timeout ? state.RequestTimeout / 2 : target.Timeout;

    private HttpRequestMessage Request(Exchange exchange, string to, byte[] body)
    {
        var path = exchange.Target.StartsWith('/') ? exchange.Target : new Uri(exchange.Target).PathAndQuery;
        var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(to + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Content = new ByteArrayContent(body),
        };
        PassedHeaders.ToRequest(exchange.RequestHeaders, request, state.Revision, exchange.RequestId);
        return request;
    }

    private static async Task SendAsync(Exchange exchange, HttpResponseMessage from, ReadOnlyMemory<byte> body)
    {
        var response = exchange.Features.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = (int)from.StatusCode;
        PassedHeaders.ToAnswer(from.Headers.NonValidated, response.Headers);
        PassedHeaders.ToAnswer(from.Content.Headers.NonValidated, response.Headers);
        if (body.Length > 0 || from.Content.Headers.ContentLength == 0)
            response.Headers.ContentLength = body.Length;
        await exchange.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(body);
    }
}
