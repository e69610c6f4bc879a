using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Pods;

/// <summary>A file of rows as a request: which path of the model, and which body.</summary>
/// <param name="Path">Below the Service.</param>
internal sealed record PredictionRequest(string Path, string Body)
{
    /// <summary>
    /// <c>{"instances": …}</c> is a V1 request; <c>{"inputs": [{"name": …, "shape": …}]}</c> is one of the Open Inference
    /// Protocol; a list is the rows of a V1 request; another object is one row by column names.
    /// </summary>
    /// <exception cref="PluginException">The text is none of these.</exception>
    public static PredictionRequest Of(string text, string where, string model)
    {
        var name = Uri.EscapeDataString(model);
        return Parse(text, where) switch
        {
            JsonObject body when body["inputs"] is JsonArray { Count: > 0 } inputs && inputs[0] is JsonObject first && first.ContainsKey("datatype") => new($"/v2/models/{name}/infer", text),
            JsonObject body when body.ContainsKey("instances") || body.ContainsKey("inputs") => new($"/v1/models/{name}:predict", text),
            JsonObject row => new($"/v1/models/{name}:predict", new JsonObject { ["instances"] = new JsonArray(row) }.ToJsonString()),
            JsonArray { Count: > 0 } rows => new($"/v1/models/{name}:predict", new JsonObject { ["instances"] = rows }.ToJsonString()),
            _ => throw new PluginException(ExitCodes.Failed, $"{where}: there are no rows in it. Write [[5.1, 3.5, 1.4, 0.2]], or a whole V1 or V2 request."),
        };
    }

    static JsonNode? Parse(string text, string where)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException e)
        {
            throw new PluginException(ExitCodes.Failed, $"{where}: line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}: this is not JSON: {e.Message}", e);
        }
    }
}
