using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols;

/// <summary>What all requests to a model share: finding it, counting, and turning failures into answers.</summary>
internal static class ModelRequest
{
    /// <exception cref="RequestException">404 for an unknown one, 503 for one that is not ready.</exception>
    public static ServedModel Find(ModelCatalog catalog, RestRoute route)
    {
        var versions = catalog.Find(route.Model)
            ?? throw RequestException.NotFound($"Model \"{Excerpt.Of(route.Model)}\" does not exist.");
        var entry = route.Version is { } version
            ? versions.Find(version)
                ?? throw RequestException.NotFound($"Model \"{versions.Name}\" has no version \"{Excerpt.Of(version)}\".")
            : versions.Default;
        return entry?.Served
            ?? throw new RequestException(503, $"Model \"{versions.Name}\" is not ready{Why(entry ?? versions.All[^1])}.")
            {
                RetryAfter = 1,
            };
    }

    /// <summary>Runs one request to a model and answers whatever it throws.</summary>
    public static async Task AnswerAsync(
        Exchange exchange, ServingState state, RestRoute route, Func<ModelMetrics, ProtocolMetrics> protocol, IModelHandler handler)
    {
        var began = state.Metrics.Time.GetTimestamp();
        ServedModel? model = null;
        try
        {
            model = Find(state.Catalog, route);
            model.Metrics.Begin();
            await handler.HandleAsync(exchange, model);
        }
        catch (RequestException e)
        {
            exchange.AnswerError(e);
        }
        catch (JsonException e)
        {
            exchange.AnswerError(400, InvalidJson(e));
        }
        catch (BadHttpRequestException e)
        {
            exchange.AnswerError(e.StatusCode, TooLargeOrBroken(e));
        }
        catch (OperationCanceledException)
        {
            exchange.AnswerError(499, "The caller went away.");
        }
        catch (Exception e) when (e is not ConnectionResetException)
        {
            Log.RequestFailed(state.Logger, exchange.Target, e);
            exchange.AnswerError(500, "The server failed; its log says why.");
        }
        finally
        {
            if (model is not null)
            {
                model.Metrics.End();
                protocol(model.Metrics).Answered(exchange.Status, began);
            }
            else
            {
                state.Metrics.Rejected.With("model").Increment();
            }
        }
    }

    private static string Why(ModelEntry entry) => entry.State == ModelState.Loading ? ": it is being loaded" : string.Empty;

    private static string InvalidJson(JsonException error) =>
        $"The body is not valid JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: {FirstSentence(error.Message)}";

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end > 0 ? message[..end] : message;
    }

    private static string TooLargeOrBroken(BadHttpRequestException error) => error.StatusCode == 413
        ? "The body is larger than this server takes."
        : $"The request cannot be read: {error.Message}";
}

/// <summary>How one protocol answers a request to a model.</summary>
internal interface IModelHandler
{
    ValueTask HandleAsync(Exchange exchange, ServedModel model);
}
