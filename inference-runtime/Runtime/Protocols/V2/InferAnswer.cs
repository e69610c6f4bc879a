using Sluice.Onnx;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V2;

/// <summary>Writes the JSON answer to an inference request.</summary>
internal static class InferAnswer
{
    public static void Write(ModelCall call)
    {
        var json = call.Answer;
        Start(call, json);
        var ports = call.Model.Signature.Outputs;
        var first = true;
        for (var i = 0; i < ports.Length; i++)
        {
            if (!call.Frame.IsWanted(i))
                continue;
            if (!first)
                json.Byte((byte)',');
            first = false;
            Output(json, ports[i], call.Frame.Outputs[i]);
        }
        json.Raw("]}"u8);
    }

    /// <summary>Everything up to the list of outputs.</summary>
    public static void Start(ModelCall call, JsonBuffer json)
    {
        json.Raw(call.Model.AnswerStart);
        if (call.HasId)
        {
            json.Raw(",\"id\":\""u8);
            json.Raw(call.Id.Written);
            json.Byte((byte)'"');
        }
        if (call.Parameters.Length > 0)
        {
            json.Raw(",\"parameters\":"u8);
            json.Raw(call.Parameters.Written);
        }
        json.Raw(",\"outputs\":["u8);
    }

    /// <summary>{"name":…,"datatype":…,"shape":[…]: the object is left open.</summary>
    public static void Head(JsonBuffer json, Port port, string datatype, ReadOnlySpan<long> shape)
    {
        json.Raw("{\"name\":"u8);
        json.Raw(port.JsonName);
        json.Raw(",\"datatype\":\""u8);
        json.Ascii(datatype);
        json.Raw("\",\"shape\":["u8);
        for (var i = 0; i < shape.Length; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            json.Number(shape[i]);
        }
        json.Byte((byte)']');
    }

    private static void Output(JsonBuffer json, Port port, OnnxValue value)
    {
        if (value.Kind != ValueKind.Tensor)
        {
            NonTensorAnswer.Write(json, port, value);
            return;
        }
        CheckJson(port, value.ElementType);
        Head(json, port, Datatypes.Name(value.ElementType), value.Shape);
        json.Raw(",\"data\":["u8);
        TensorJsonWriter.Elements(json, value, 0, value.Count);
        json.Raw("]}"u8);
    }

    public static void CheckJson(Port port, ElementType type)
    {
        if (!Datatypes.HasJson(type))
        {
            throw RequestException.Bad(
                $"Output \"{port.Name}\" is {Datatypes.Name(type)}, which JSON cannot carry: ask for it with \"parameters\":{{\"binary_data\":true}}, or use gRPC.");
        }
    }
}
