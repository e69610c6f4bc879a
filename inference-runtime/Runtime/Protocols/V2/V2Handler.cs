using System.Buffers;
using System.IO.Pipelines;
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
            await ReadAsync(exchange, call);
            await ModelRequest.RunAsync(exchange, state, call);
            exchange.MarkNotFinite(call);
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

    private async ValueTask ReadAsync(Exchange exchange, ModelCall call)
    {
        using var open = await ContentEncoding.OpenAsync(exchange, state);
        var jsonLength = BinaryRequest.JsonLength(exchange);
        if (jsonLength is { } json && open.Length is { } length)
        {
            await BinaryRequest.ReadAsync(open.Reader, json, length, call);
            return;
        }
        if (jsonLength is null)
            ContentTypes.CheckJson(exchange);
        using var body = await RequestBody.ReadAsync(open.Reader, open.Length, default);
        if (jsonLength is null)
        {
            InferRequest.Read(body.Memory.Span, call);
            return;
        }
        // Nothing bounds what the JSON of a chunked body may claim but what has arrived.
        var whole = PipeReader.Create(new ReadOnlySequence<byte>(body.Memory));
        await BinaryRequest.ReadAsync(whole, jsonLength.Value, body.Memory.Length, call);
    }

    private static ValueTask AnswerBinaryAsync(Exchange exchange, ModelCall call)
    {
        var binary = call.Binary ??= new BinaryAnswer();
        InferAnswer.Write(call, binary);
        exchange.ResponseHeaders[BinaryRequest.Header] = binary.Header(call.Answer.Length);
        return exchange.AnswerAsync("application/octet-stream", call.Answer.Written, binary.Length, binary.Writing);
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
