using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V1;

/// <summary>KServe's V1 protocol.</summary>
internal sealed class V1Handler(ServingState state) : IModelHandler
{
    public Task PredictAsync(Exchange exchange, RestRoute route) =>
        ModelRequest.AnswerAsync(exchange, state, route, static m => m.V1, this);

    public ValueTask HandleAsync(Exchange exchange, ServedModel model) =>
        RowsCall.AnswerAsync(exchange, state, model, PredictRequest.Read, PredictAnswer.Write);

    public void Read(Exchange exchange, RestRoute route)
    {
        var json = new JsonBuffer();
        if (route.Kind == RouteKind.V1Models)
        {
            List(json);
            exchange.AnswerJson(200, json);
            return;
        }
        var versions = state.Catalog.Find(route.Model)
            ?? throw RequestException.NotFound($"Model \"{Excerpt.Of(route.Model)}\" does not exist.");
        var ready = versions.Default is not null;
        json.Raw("{\"name\":"u8);
        json.String(versions.Name);
        json.Raw(",\"ready\":"u8);
        json.Bool(ready);
        json.Byte((byte)'}');
        exchange.AnswerJson(ready ? 200 : 503, json);
    }

    private void List(JsonBuffer json)
    {
        json.Raw("{\"models\":["u8);
        var first = true;
        foreach (var model in state.Catalog.All)
        {
            if (!first)
                json.Byte((byte)',');
            first = false;
            json.String(model.Name);
        }
        json.Raw("]}"u8);
    }
}
