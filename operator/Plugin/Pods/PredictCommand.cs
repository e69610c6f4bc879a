using System.CommandLine;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Pods;

/// <summary><c>predict</c>: rows from a file, through the API server to the model, as any user's request.</summary>
internal static class PredictCommand
{
    public static Command Create(CommandFactory factory)
    {
        var file = Files.Option("--filename", "-f", "The rows as JSON: [[5.1, 3.5], …], [{\"age\": 3}, …], or a whole V1 or V2 request. '-' reads standard input.");
        var revision = new Option<string?>("--revision") { Description = "Ask stable, candidate, or a revision by its name, past the split. Default: whom the split chooses.", HelpName = "REVISION" };
        return factory.OnService("predict", "Asks the model for predictions, through the API server, and says which revision answered.", async (session, name, parsed) =>
        {
            var path = parsed.GetValue(file)!;
            var request = PredictionRequest.Of(await Files.ReadAsync(path, session.Terminal, session.Cancel), Files.Named(path), name);
            var asked = RevisionChoice.Resolve(await session.ServiceAsync(name), parsed.GetValue(revision));
            return await AskAsync(session, asked ?? name, request);
        }, factory.Shared.Output, file, revision);
    }

    static async Task<int> AskAsync(Session session, string service, PredictionRequest request)
    {
        var path = $"{Service.Kind.ObjectPath(new ObjectKey(session.Namespace, service))}:{Ports.ServiceHttp}/proxy{request.Path}";
        using var body = new StringContent(request.Body, Encoding.UTF8, "application/json");
        using var answer = await session.Client.RawAsync(HttpMethod.Post, path, body, session.Cancel);
        var text = await answer.Content.ReadAsStringAsync(session.Cancel);
        if (!answer.IsSuccessStatusCode)
            throw Refusal(session, service, answer.StatusCode, text);
        if (!session.Json && answer.Headers.TryGetValues(Headers.Revision, out var revision))
            await session.Terminal.Error.WriteLineAsync(session.Palette.Faint($"answered by {string.Join(", ", revision)}"));
        await session.Terminal.Out.WriteLineAsync(session.Json ? text : Shown(text));
        return ExitCodes.Done;
    }

    /// <summary>One prediction per line for V1, which is what people compare; anything else as it came.</summary>
    static string Shown(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["predictions"] is JsonArray predictions
                ? string.Join('\n', predictions.Select(static p => p?.ToJsonString() ?? "null"))
                : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    static PluginException Refusal(Session session, string service, HttpStatusCode code, string text)
    {
        var (message, fromApi) = Message(text);
        var what = $"{session.Namespace}/{service} answered {(int)code} {code}: {message}";
        return (fromApi, code) switch
        {
            (true, HttpStatusCode.NotFound) => new PluginException(ExitCodes.NotFound, $"{what}. There is no Service of that name yet."),
            (true, HttpStatusCode.ServiceUnavailable) => new PluginException(ExitCodes.NotServing, $"{what}. No pod behind it is Ready: 'kubectl sluice status' says why."),
            (true, _) => new PluginException(ExitCodes.Failed, what),
            (false, HttpStatusCode.Unauthorized) => new PluginException(ExitCodes.ModelRefused, $"{what}. The service asks for a key, and the API server passes none on: call its address with curl."),
            _ => new PluginException(ExitCodes.ModelRefused, what),
        };
    }

    /// <summary>The API server answers with a Status, the model with <c>{"error": …}</c>.</summary>
    static (string Message, bool FromApi) Message(string text)
    {
        try
        {
            if (JsonNode.Parse(text) is JsonObject body)
            {
                return (string?)body["kind"] == "Status" ? ((string?)body["message"] ?? text, true) : (body["error"]?.ToString() ?? text, false);
            }
        }
        catch (JsonException)
        {
            // Plain text comes from a proxy on the way.
        }

        return (text.Trim(), false);
    }
}
