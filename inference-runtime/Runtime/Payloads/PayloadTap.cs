using System.Text;
using Sluice.Runtime.Grpc.Calls;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Routing;

namespace Sluice.Runtime.Payloads;

/// <summary>Hands exchanges that are drawn to the log, with what they took and gave, whatever came of them.</summary>
internal sealed class PayloadTap(ServingState state, PayloadLog log)
{
    private bool LogsRequests => log.Settings.Mode.HasFlag(PayloadMode.Request);

    private bool LogsResponses => log.Settings.Mode.HasFlag(PayloadMode.Response);

    /// <param name="exchange">The request.</param>
    /// <param name="route">What it asks for.</param>
    /// <param name="own">Answers it.</param>
    public Task AnswerAsync(Exchange exchange, RestRoute route, Func<Exchange, RestRoute, Task> own) =>
        IsLogged(exchange.RequestId) ? LogAsync(exchange, route, own) : own(exchange, route);

    /// <summary>Over gRPC: messages in their frames, and gRPC's status.</summary>
    public Task AnswerAsync(GrpcExchange exchange, Func<GrpcExchange, Task> own) =>
        IsLogged(exchange.RequestId) ? LogAsync(exchange, own) : own(exchange);

    /// <summary>Nothing is copied of a request that is not drawn, or that there is no room for.</summary>
    private bool IsLogged(string id)
    {
        if (!log.IsDrawn(id))
            return false;
        if (!log.IsFull)
            return true;
        log.Drop((LogsRequests ? 1 : 0) + (LogsResponses ? 1 : 0));
        return false;
    }

    private async Task LogAsync(Exchange exchange, RestRoute route, Func<Exchange, RestRoute, Task> own)
    {
        var common = new Common(log.Now, IdOf(exchange.RequestHeaders, exchange.RequestId), exchange.RequestHeaders, Exchange.JsonType);
        var body = LogsRequests ? await RestRouting.ReadAsync(exchange) : null;
        if (body is not null)
            ReadBody.Put(exchange.Features, body);
        var answer = LogsResponses ? CapturedAnswer.Put(exchange.Features) : null;
        exchange.TakeAnswerFrom(exchange.Features);
        await own(exchange, route);
        var model = route.Model.Length > 0 ? route.Model : state.Catalog.All.FirstOrDefault()?.Name ?? string.Empty;
        Offer(common, model, body, answer?.Bytes, exchange.Status);
    }

    private async Task LogAsync(GrpcExchange exchange, Func<GrpcExchange, Task> own)
    {
        var common = new Common(log.Now, IdOf(exchange.RequestHeaders, exchange.RequestId), exchange.RequestHeaders, GrpcExchange.ContentType);
        var body = LogsRequests ? await GrpcRouting.ReadAsync(exchange) : null;
        if (body is not null)
            ReadBody.Put(exchange.Features, body);
        var answer = LogsResponses ? CapturedAnswer.Put(exchange.Features) : null;
        await own(exchange);
        Offer(common, exchange.Model?.Name ?? string.Empty, body, answer?.Bytes, (int)exchange.Code);
    }

    private static string IdOf(IHeaderDictionary headers, string requestId) =>
        headers.TryGetValue("ce-id", out var given) && RequestIds.IsAcceptable(given.ToString()) ? given.ToString() : requestId;

    private void Offer(Common common, string model, ReadOnlyMemory<byte>? body, ReadOnlyMemory<byte>? answer, int status)
    {
        var metadata = Metadata(common.Headers);
        if (body is { } asked)
            Offer(common, model, metadata, PayloadTypes.Request, common.Began, asked, null);
        if (answer is { } answered)
            Offer(common, model, metadata, PayloadTypes.Response, log.Now, answered, status);
    }

    private void Offer(Common common, string model, string? metadata, string type, DateTimeOffset time, ReadOnlyMemory<byte> data, int? status)
    {
        if (log.Settings.Exclude.Count > 0)
        {
            if (Redaction.Of(data, log.Settings.Exclude) is not { } kept)
            {
                log.Withhold();
                return;
            }
            data = kept;
        }
        var told = common.Headers.ContentType.ToString();
        log.Offer(new PayloadEvent(
            common.Id, type, model, state.Revision, time, told.Length > 0 && Ascii.IsValid(told) ? told : common.ContentType, data, status, metadata));
    }

    private string? Metadata(IHeaderDictionary headers)
    {
        var json = new JsonBuffer();
        foreach (var name in log.Settings.Headers)
        {
            if (!headers.TryGetValue(name, out var values))
                continue;
            json.Raw(json.Length == 0 ? "{"u8 : ","u8);
            json.String(name);
            json.Byte((byte)':');
            // It goes into a header.
            var value = values.ToString();
            json.String(Ascii.IsValid(value) ? value : Uri.EscapeDataString(value));
        }
        if (json.Length == 0)
            return null;
        json.Byte((byte)'}');
        return Encoding.UTF8.GetString(json.Written);
    }

    /// <summary>What both events of an exchange share.</summary>
    private readonly record struct Common(DateTimeOffset Began, string Id, IHeaderDictionary Headers, string ContentType);
}
