using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Admin;

/// <summary>The model repository extension: index, load, unload.</summary>
internal sealed class RepositoryHandler(ServingState state, ModelRepository repository)
{
    private const string Models = "/v2/repository/models/";

    /// <returns>False when the path is not of the repository.</returns>
    public async ValueTask<bool> TryHandleAsync(Exchange exchange, string path)
    {
        if (!path.StartsWith("/v2/repository/", StringComparison.Ordinal))
            return false;
        var isIndex = path == "/v2/repository/index";
        var rest = path.StartsWith(Models, StringComparison.Ordinal) ? path[Models.Length..].Split('/') : [];
        if (!isIndex && rest is not [_, "load" or "unload"])
            return false;
        if (exchange.Method != "POST")
            throw new RequestException(405, $"{Excerpt.Of(exchange.Method)} is not allowed here; use POST.") { Allow = "POST" };
        using var body = await RequestBody.ReadAsync(exchange.Body, exchange.RequestHeaders.ContentLength, default);
        if (isIndex)
            Index(exchange, OnlyReady(body.Memory.Span));
        else
            await ChangeAsync(exchange, Uri.UnescapeDataString(rest[0]), rest[1], body.Memory);
        return true;
    }

    private async ValueTask ChangeAsync(Exchange exchange, string name, string verb, ReadOnlyMemory<byte> body)
    {
        if (verb == "unload")
        {
            if (!await repository.UnloadAsync(name, default))
                throw RequestException.NotFound($"Model \"{Excerpt.Of(name)}\" does not exist.");
        }
        else
        {
            RefuseOverrides(body.Span);
            try
            {
                await repository.LoadAsync(name, default);
            }
            catch (FailureException e)
            {
                throw new RequestException(e.Reason == TerminationReasons.NotFound ? 404 : 400, e.Message);
            }
        }
        exchange.Answer(200, Exchange.JsonType, "{}"u8);
    }

    private void Index(Exchange exchange, bool onlyReady)
    {
        var json = new JsonBuffer();
        json.Byte((byte)'[');
        foreach (var (name, entry) in state.Catalog.All.SelectMany(m => m.All.Select(e => (m.Name, e))))
        {
            if (onlyReady && entry.State != ModelState.Ready)
                continue;
            json.Raw(json.Length > 1 ? ",{\"name\":"u8 : "{\"name\":"u8);
            json.String(name);
            json.Raw(",\"version\":"u8);
            json.String(entry.Version);
            json.Raw(",\"state\":\""u8);
            json.Ascii(entry.State.ToString().ToUpperInvariant());
            json.Raw("\",\"reason\":"u8);
            json.String(entry.Reason ?? string.Empty);
            json.Byte((byte)'}');
        }
        json.Byte((byte)']');
        exchange.AnswerJson(200, json);
    }

    private static bool OnlyReady(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            return false;
        using var document = Parse(body);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("ready", out var ready)
            && ready.ValueKind == JsonValueKind.True;
    }

    /// <summary>The extension lets a caller send another configuration or other files; we serve what is in storage.</summary>
    private static void RefuseOverrides(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            return;
        using var document = Parse(body);
        if (document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("parameters", out var parameters)
            && parameters.ValueKind == JsonValueKind.Object
            && parameters.EnumerateObject().FirstOrDefault() is { Name: { } name })
        {
            throw RequestException.Bad($"The parameter \"{Excerpt.Of(name)}\" is not supported: models are loaded as they lie in storage.");
        }
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body.ToArray());
        }
        catch (JsonException e)
        {
            throw RequestException.Bad($"The body is not valid JSON: {e.Message}");
        }
    }
}
