using System.Collections.Immutable;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V2;

/// <summary>The server's and the models' descriptions.</summary>
internal static class ModelDocument
{
    public const string Platform = "onnx_onnxv1";

    public static readonly ImmutableArray<string> Extensions = ["binary_tensor_data", "classification", "model_repository", "statistics"];

    public static void Server(JsonBuffer json, string version)
    {
        json.Raw("{\"name\":\"sluice-runtime\",\"version\":"u8);
        json.String(version);
        json.Raw(",\"extensions\":["u8);
        for (var i = 0; i < Extensions.Length; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            json.String(Extensions[i]);
        }
        json.Raw("]}"u8);
    }

    public static void Model(JsonBuffer json, ModelVersions versions, ServedModel model)
    {
        json.Raw("{\"name\":"u8);
        json.String(model.Name);
        json.Raw(",\"versions\":["u8);
        var first = true;
        foreach (var entry in versions.All.Where(e => e.State == ModelState.Ready))
        {
            if (!first)
                json.Byte((byte)',');
            first = false;
            json.String(entry.Version);
        }
        json.Raw("],\"platform\":\""u8);
        json.Ascii(Platform);
        json.Raw("\",\"inputs\":"u8);
        Ports(json, model.Signature.Inputs);
        json.Raw(",\"outputs\":"u8);
        Ports(json, model.Signature.Outputs);
        json.Byte((byte)'}');
    }

    private static void Ports(JsonBuffer json, ImmutableArray<Port> ports)
    {
        json.Byte((byte)'[');
        for (var i = 0; i < ports.Length; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            InferAnswer.Head(json, ports[i], ports[i].Datatype, [.. ports[i].Shape.Select(d => d.IsFixed ? d.Size : -1)]);
            if (!ports[i].Required || !ports[i].IsTensor)
                Parameters(json, ports[i]);
            json.Byte((byte)'}');
        }
        json.Byte((byte)']');
    }

    private static void Parameters(JsonBuffer json, Port port)
    {
        json.Raw(",\"parameters\":{"u8);
        if (!port.Required)
            json.Raw("\"optional\":true"u8);
        if (!port.IsTensor)
        {
            json.Raw(port.Required ? "\"onnx_type\":"u8 : ",\"onnx_type\":"u8);
            json.String(port.Info.Type.ToString() ?? string.Empty);
        }
        json.Byte((byte)'}');
    }
}
