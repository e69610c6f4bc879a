using System.Buffers.Binary;
using System.Text;
using Sluice.Onnx;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V2;

/// <summary>Writes the answer to an inference request; outputs asked for as raw bytes go to <see cref="BinaryAnswer"/>.</summary>
internal static class InferAnswer
{
    /// <param name="binary">Collects the raw outputs; null when none is asked for.</param>
    public static void Write(ModelCall call, BinaryAnswer? binary)
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
            Output(json, ports[i], call.Frame.Outputs[i], call.Wishes[i].Classes, call.IsBinary(i) ? binary : null);
        }
        json.Raw("]}"u8);
    }

    /// <summary>{"name":…,"datatype":…,"shape":[…]: the object is left open.</summary>
    public static void Head(JsonBuffer json, Port port, string datatype, ReadOnlySpan<long> shape)
    {
        if (ReferenceEquals(datatype, port.Datatype))
        {
            json.Raw(port.JsonHead);
        }
        else
        {
            json.Raw("{\"name\":"u8);
            json.Raw(port.JsonName);
            json.Raw(",\"datatype\":\""u8);
            json.Ascii(datatype);
            json.Raw("\",\"shape\":["u8);
        }
        for (var i = 0; i < shape.Length; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            json.Number(shape[i]);
        }
        json.Byte((byte)']');
    }

    public static void CheckJson(Port port, ElementType type)
    {
        if (!Datatypes.HasJson(type))
        {
            throw RequestException.Bad(
                $"Output \"{port.Name}\" is {Datatypes.Name(type)}, which JSON cannot carry: ask for it with \"parameters\":{{\"binary_data\":true}}, or use gRPC.");
        }
    }

    private static void Start(ModelCall call, JsonBuffer json)
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

    private static void Output(JsonBuffer json, Port port, OnnxValue value, int classes, BinaryAnswer? binary)
    {
        if (classes > 0)
            Classes(json, port, value, classes, binary);
        else if (value.Kind != ValueKind.Tensor)
            Flat(json, port, FlatTensor.Of(port, value), binary);
        else if (binary is not null)
            Raw(json, port, value, binary);
        else
            Tensor(json, port, value);
    }

    private static void Tensor(JsonBuffer json, Port port, OnnxValue value)
    {
        CheckJson(port, value.ElementType);
        Head(json, port, Datatypes.Name(value.ElementType), value.Shape);
        json.Raw(",\"data\":["u8);
        TensorJsonWriter.Elements(json, value, 0, value.Count);
        json.Raw("]}"u8);
    }

    private static void Raw(JsonBuffer json, Port port, OnnxValue value, BinaryAnswer binary)
    {
        Head(json, port, Datatypes.Name(value.ElementType), value.Shape);
        Size(json, binary.Add(value));
        json.Raw("}}"u8);
    }

    private static void Size(JsonBuffer json, long bytes)
    {
        json.Raw(",\"parameters\":{\"binary_data_size\":"u8);
        json.Number(bytes);
    }

    private static void Classes(JsonBuffer json, Port port, OnnxValue value, int classes, BinaryAnswer? binary)
    {
        var (shape, texts) = Classification.Of(port, value, classes);
        Head(json, port, Datatypes.Name(ElementType.String), shape);
        if (binary is not null)
        {
            Size(json, binary.Add(texts.Select(Encoding.UTF8.GetBytes)));
            json.Raw("}}"u8);
            return;
        }
        json.Raw(",\"data\":["u8);
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            json.String(texts[i]);
        }
        json.Raw("]}"u8);
    }

    private static void Flat(JsonBuffer json, Port port, FlatTensor flat, BinaryAnswer? binary)
    {
        Head(json, port, Datatypes.Name(flat.Type), flat.Shape);
        if (binary is not null)
        {
            Size(json, binary.Add(flat.Raw));
            json.Byte((byte)',');
        }
        else
        {
            CheckJson(port, flat.Type);
            json.Raw(",\"parameters\":{"u8);
        }
        json.String(flat.Parameter);
        json.Byte((byte)':');
        if (flat.Value is string text)
            json.String(text);
        else
            json.Bool(true);
        json.Byte((byte)'}');
        if (binary is null)
            FlatData(json, flat);
        json.Byte((byte)'}');
    }

    private static unsafe void FlatData(JsonBuffer json, FlatTensor flat)
    {
        json.Raw(",\"data\":["u8);
        var count = TensorShape.ElementCount(flat.Shape);
        var at = 0;
        fixed (byte* raw = flat.Raw)
        {
            for (long i = 0; i < count; i++)
            {
                if (i > 0)
                    json.Byte((byte)',');
                if (flat.Type != ElementType.String)
                {
                    TensorJsonWriter.Element(json, flat.Type, raw, i);
                    continue;
                }
                var length = BinaryPrimitives.ReadInt32LittleEndian(flat.Raw.AsSpan(at));
                json.String(flat.Raw.AsSpan(at + BytesElements.Prefix, length));
                at += BytesElements.Prefix + length;
            }
        }
        json.Byte((byte)']');
    }
}
