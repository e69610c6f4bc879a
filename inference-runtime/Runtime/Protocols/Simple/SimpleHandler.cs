using System.Collections.Immutable;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;
using Sluice.Runtime.Protocols.V1;

namespace Sluice.Runtime.Protocols.Simple;

/// <summary>Paths for people: /predict, /health, /model-info, /openapi.json and /docs.</summary>
internal sealed class SimpleHandler(ServingState state) : IModelHandler
{
    private static readonly Lazy<ImmutableArray<byte>> Page = new(ReadPage);

    public Task PredictAsync(Exchange exchange, RestRoute route) =>
        ModelRequest.AnswerAsync(exchange, state, route, static m => m.Simple, this);

    public ValueTask HandleAsync(Exchange exchange, ServedModel model) =>
        RowsCall.AnswerAsync(exchange, state, model, SimpleRequest.Read, Write);

    public void Read(Exchange exchange, RestRoute route)
    {
        switch (route.Kind)
        {
            case RouteKind.Health:
                Health(exchange);
                break;
            case RouteKind.ModelInfo:
                var json = new JsonBuffer();
                ModelInfo.Write(json, ModelRequest.Find(state.Catalog, route));
                exchange.AnswerJson(200, json);
                break;
            case RouteKind.OpenApi:
                exchange.AnswerJson(200, OpenApi.Write(state));
                break;
            default:
                exchange.Answer(200, "text/html; charset=utf-8", Page.Value.AsSpan());
                break;
        }
    }

    private static void Write(ModelCall call, long rows)
    {
        call.Answer.Raw("{\"model\":"u8);
        call.Answer.String(call.Model.Name);
        call.Answer.Raw(",\"version\":"u8);
        call.Answer.String(call.Model.Version);
        call.Answer.Raw(",\"predictions\":"u8);
        PredictAnswer.Predictions(call, rows);
        call.Answer.Byte((byte)'}');
    }

    private void Health(Exchange exchange)
    {
        if (state.IsReady)
            exchange.Answer(200, Exchange.JsonType, "{\"status\":\"ok\"}"u8);
        else
            exchange.Answer(503, Exchange.JsonType, state.IsDraining ? "{\"status\":\"draining\"}"u8 : "{\"status\":\"loading\"}"u8);
    }

    private static ImmutableArray<byte> ReadPage()
    {
        using var stream = typeof(SimpleHandler).Assembly.GetManifestResourceStream("docs.html")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return [.. bytes];
    }
}
