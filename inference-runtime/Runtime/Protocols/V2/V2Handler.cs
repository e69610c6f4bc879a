using System.Globalization;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V2;

/// <summary>The Open Inference Protocol over REST.</summary>
internal sealed class V2Handler(ServingState state) : IModelHandler
{
    public Task InferAsync(Exchange exchange, RestRoute route) =>
        ModelRequest.AnswerAsync(exchange, state, route, static m => m.V2, this);

    public async ValueTask HandleAsync(Exchange exchange, ServedModel model)
    {
        var call = model.Rent();
        try
        {
            await ReadAsync(exchange, call, state.MaxBody);
            await ModelRequest.RunAsync(exchange, state, call);
            if (call.WantsBinary)
            {
                await AnswerBinaryAsync(exchange, call);
                return;
            }
            InferAnswer.Write(call, binary: null);
            exchange.AnswerJson(200, call.Answer);
        }
        finally
        {
            model.Return(call);
        }
    }

    public void Read(Exchange exchange, RestRoute route)
    {
        var json = new JsonBuffer();
        switch (route.Kind)
        {
            case RouteKind.V2Server:
                ModelDocument.Server(json, state.Version);
                break;
            case RouteKind.V2Live:
                json.Raw("{\"live\":true}"u8);
                break;
            case RouteKind.V2Ready:
                Ready(exchange, json, state.IsReady, name: null);
                return;
            case RouteKind.V2ModelReady:
                Ready(exchange, json, ModelRequest.IsReady(state.Catalog, route), route.Model);
                return;
            case RouteKind.V2Model:
                var model = ModelRequest.Find(state.Catalog, route);
                ModelDocument.Model(json, state.Catalog.Find(route.Model)!, model);
                break;
        }
        exchange.AnswerJson(200, json);
    }

    private static async ValueTask ReadAsync(Exchange exchange, ModelCall call, long maxBody)
    {
        var (reader, length) = await ContentEncoding.OpenAsync(exchange, maxBody);
        if (BinaryRequest.JsonLength(exchange) is { } jsonLength)
        {
            await BinaryRequest.ReadAsync(reader, jsonLength, length, call);
            return;
        }
        ContentTypes.CheckJson(exchange);
        using var body = await RequestBody.ReadAsync(reader, length, default);
        InferRequest.Read(body.Memory.Span, call);
    }

    private static ValueTask AnswerBinaryAsync(Exchange exchange, ModelCall call)
    {
        var binary = new BinaryAnswer();
        InferAnswer.Write(call, binary);
        exchange.ResponseHeaders[BinaryRequest.Header] = call.Answer.Length.ToString(CultureInfo.InvariantCulture);
        return exchange.AnswerAsync("application/octet-stream", call.Answer.Written, binary.Length, binary.WriteAsync);
    }

    private static void Ready(Exchange exchange, JsonBuffer json, bool ready, string? name)
    {
        json.Byte((byte)'{');
        if (name is not null)
        {
            json.Raw("\"name\":"u8);
            json.String(name);
            json.Byte((byte)',');
        }
        json.Raw("\"ready\":"u8);
        json.Bool(ready);
        json.Byte((byte)'}');
        exchange.AnswerJson(ready ? 200 : 503, json);
    }
}
