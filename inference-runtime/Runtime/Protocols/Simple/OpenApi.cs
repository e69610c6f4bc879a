using Sluice.Runtime.Hosting;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.Simple;

/// <summary>An OpenAPI 3.1 description of what this server answers with the models that it has loaded.</summary>
internal static class OpenApi
{
    public static JsonBuffer Write(ServingState state)
    {
        var json = new JsonBuffer();
        json.Raw("{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"sluice-runtime\",\"version\":"u8);
        json.String(state.Version);
        json.Raw("},\"paths\":{"u8);
        Get(json, "/health", "Whether the models are ready");
        Get(json, "/v2", "Server metadata");
        Get(json, "/v2/health/live", "Whether the server runs");
        Get(json, "/v2/health/ready", "Whether all models are ready");
        Get(json, "/v1/models", "The models");
        var models = state.Catalog.All.Where(m => m.Default is not null).ToList();
        if (models.Count == 1)
        {
            Get(json, "/model-info", "What the model is, takes and gives");
            Post(json, "/predict", "Predict, written by hand", models[0].Default!.Served!, ModelInfo.Request);
        }
        foreach (var model in models)
            Model(json, model);
        // The last path is followed by a comma.
        json.Raw("\"/openapi.json\":{\"get\":{\"summary\":\"This description\",\"responses\":{\"200\":{\"description\":\"OK\"}}}}}"u8);
        if (state.Keys is not null)
            json.Raw(",\"security\":[{\"key\":[]}]"u8);
        json.Raw(",\"components\":{"u8);
        if (state.Keys is not null)
            json.Raw("\"securitySchemes\":{\"key\":{\"type\":\"http\",\"scheme\":\"bearer\"}},"u8);
        json.Raw("\"schemas\":{\"Error\":{\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"string\"}},\"required\":[\"error\"]}}}}"u8);
        return json;
    }

    private static void Model(JsonBuffer json, ModelVersions versions)
    {
        var served = versions.Default!.Served!;
        var name = Uri.EscapeDataString(versions.Name);
        Get(json, $"/v1/models/{name}", "Whether the model is ready");
        Post(json, $"/v1/models/{name}:predict", "Predict (V1)", served, V1Body);
        Get(json, $"/v2/models/{name}", "What the model takes and gives");
        Get(json, $"/v2/models/{name}/ready", "Whether the model is ready");
        Post(json, $"/v2/models/{name}/infer", "Infer (Open Inference Protocol)", served, V2Body);
        foreach (var entry in versions.All.Where(e => e.Served is not null))
        {
            Post(json, $"/v2/models/{name}/versions/{Uri.EscapeDataString(entry.Version)}/infer",
                $"Infer with version {entry.Version}", entry.Served!, V2Body);
        }
    }

    private static void V1Body(JsonBuffer json, ServedModel model)
    {
        if (model.Signature.HasTexts)
        {
            ModelInfo.Whole(json, model);
            return;
        }
        var required = model.Signature.Inputs.Where(p => p.Required).ToList();
        json.Raw("{\"instances\":["u8);
        if (required.Count == 1)
        {
            Example.Row(json, required[0]);
        }
        else
        {
            for (var i = 0; i < required.Count; i++)
            {
                json.Byte(i > 0 ? (byte)',' : (byte)'{');
                json.Raw(required[i].JsonName);
                json.Byte((byte)':');
                Example.Row(json, required[i]);
            }
            json.Byte((byte)'}');
        }
        json.Raw("]}"u8);
    }

    private static void V2Body(JsonBuffer json, ServedModel model)
    {
        json.Raw("{\"inputs\":["u8);
        var first = true;
        foreach (var port in model.Signature.Inputs.Where(p => p.Required))
        {
            if (!first)
                json.Byte((byte)',');
            first = false;
            V2.InferAnswer.Head(json, port, port.Datatype, Example.Shape(port));
            json.Raw(port.IsText ? ",\"parameters\":{\"content_type\":\"application/json\"},\"data\":"u8 : ",\"data\":"u8);
            Example.Flat(json, port);
            json.Byte((byte)'}');
        }
        json.Raw("]}"u8);
    }

    private static void Get(JsonBuffer json, string path, string summary)
    {
        json.String(path);
        json.Raw(":{\"get\":{\"summary\":"u8);
        json.String(summary);
        json.Raw(",\"responses\":{\"200\":{\"description\":\"OK\"}}}},"u8);
    }

    private static void Post(
        JsonBuffer json, string path, string summary, ServedModel model, Action<JsonBuffer, ServedModel> example)
    {
        json.String(path);
        json.Raw(":{\"post\":{\"summary\":"u8);
        json.String(summary);
        json.Raw(",\"description\":"u8);
        json.String($"Inputs: {JsonName.Wanted(model)}. Outputs: {string.Join(", ", model.Signature.Outputs.Select(p => $"\"{p.Name}\" {p.Wanted}"))}.");
        json.Raw(",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\"},\"example\":"u8);
        example(json, model);
        json.Raw("}}},\"responses\":{\"200\":{\"description\":\"The predictions\",\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\"}}}},"u8);
        Failure(json, "400", "The request does not fit the model; the error names the input");
        json.Byte((byte)',');
        Failure(json, "503", "Not ready or overloaded; Retry-After says when to come back");
        json.Raw("}}},"u8);
    }

    private static void Failure(JsonBuffer json, string code, string description)
    {
        json.String(code);
        json.Raw(":{\"description\":"u8);
        json.String(description);
        json.Raw(",\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Error\"}}}}"u8);
    }
}
