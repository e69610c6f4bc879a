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
        var versions = route.Model.Length == 0 ? Only(catalog) : catalog.Find(route.Model)
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

    /// <summary>Whether the version asked for, or some version, is loaded and warmed.</summary>
    /// <exception cref="RequestException">404 for an unknown one.</exception>
    public static bool IsReady(ModelCatalog catalog, RestRoute route)
    {
        var versions = catalog.Find(route.Model)
            ?? throw RequestException.NotFound($"Model \"{Excerpt.Of(route.Model)}\" does not exist.");
        if (route.Version is not { } version)
            return versions.Default is not null;
        var entry = versions.Find(version)
            ?? throw RequestException.NotFound($"Model \"{versions.Name}\" has no version \"{Excerpt.Of(version)}\".");
        return entry.State == ModelState.Ready;
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
        catch (Exception e) when (e is OperationCanceledException or ConnectionResetException or ConnectionAbortedException)
        {
            exchange.CallerGone();
        }
        catch (IOException e)
        {
            // How the server reports a body whose framing makes no sense.
            exchange.AnswerError(400, $"The request cannot be read: {e.Message}");
        }
        catch (Exception e)
        {
            exchange.AnswerFailure(state.Logger, e);
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

    /// <summary>Runs a call within the caller's patience: its timeout and its connection.</summary>
    public static ValueTask RunAsync(Exchange exchange, ServingState state, ModelCall call)
    {
        if (call.Model.Feedback is not null)
            call.Identify(exchange.RequestId, isEscaped: true);
        if (call.Timeout is not null || !call.Model.IsOverInAMoment)
            return WatchAsync(exchange, state, call);
        // A watch of its own costs as much as a small model; what is over in a moment makes do with the common one.
        call.Unwatched.Caller = exchange.Caller;
        return call.Model.RunAsync(call, default, state.OnEventThread);
    }

    private static async ValueTask WatchAsync(Exchange exchange, ServingState state, ModelCall call)
    {
        var timeout = call.Timeout ?? state.RequestTimeout;
        using var late = new CancellationTokenSource(timeout > TimeSpan.Zero ? timeout : Timeout.InfiniteTimeSpan, state.Metrics.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, exchange.Aborted);
        try
        {
            await call.Model.RunAsync(call, either.Token, state.OnEventThread);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !exchange.Aborted.IsCancellationRequested)
        {
            throw new RequestException(504, $"Model \"{call.Model.Name}\" did not answer within {timeout.TotalMilliseconds:0.###} ms.");
        }
    }

    /// <summary>Paths that name no model mean the one that there is.</summary>
    private static ModelVersions Only(ModelCatalog catalog)
    {
        var all = catalog.All.ToList();
        return all.Count == 1
            ? all[0]
            : throw RequestException.NotFound(
                $"This server has {all.Count} models ({string.Join(", ", all.Take(10).Select(m => m.Name))}), so the path must name one: /v1/models/NAME:predict.");
    }

    private static string Why(ModelEntry entry) => entry.State == ModelState.Loading ? ": it is being loaded" : $": {entry.Reason}";

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
