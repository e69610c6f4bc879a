using Sluice.Conformance.Values;
using Sluice.Onnx;

namespace Sluice.Conformance.Corpus;

/// <summary>Reads the values of ONNX's test data: TensorProto, SequenceProto, OptionalProto (onnx/onnx.proto, onnx-data.proto).</summary>
static class OnnxValues
{
    /// <summary>Messages say nothing of their own type, so the model's declaration decides.</summary>
    public static Value Read(ReadOnlyMemory<byte> message, OnnxType type) => type switch
    {
        TensorType tensor => Declared(Tensor(message), tensor.Element),
        SequenceType sequence => Sequence(message, sequence),
        OptionalType optional => Optional(message, optional),
        _ => throw new NotSupportedException($"no test data is known for {type}"),
    };

    public static Tensor Tensor(ReadOnlyMemory<byte> message)
    {
        var fields = Proto.Read(message);
        var shape = Proto.Varints(fields, 1).Select(d => (long)d).ToArray();
        var type = (ElementType)Proto.Varints(fields, 2).LastOrDefault();
        if (type == ElementType.String)
            return Values.Tensor.Texts(shape, [.. Proto.Messages(fields, 6).Select(m => m.ToArray())]);
        var raw = Proto.Messages(fields, 9).LastOrDefault();
        var tensor = Values.Tensor.Numbers(type, shape, raw.Length > 0 ? raw.ToArray() : Typed(fields, type));
        return tensor.Held == tensor.Count
            ? tensor
            : throw new InvalidDataException($"the file holds {tensor.Held} elements for {tensor}");
    }

    /// <summary>The corpus was written by numpy, which has no bfloat16: its bits are in the files as UINT16.</summary>
    static Tensor Declared(Tensor tensor, ElementType declared) =>
        (tensor.Type, declared) is (ElementType.UInt16, ElementType.BFloat16) ? tensor with { Type = declared } : tensor;

    static byte[] Typed(List<ProtoField> fields, ElementType type)
    {
        if (type == ElementType.Float)
            return Proto.Fixed(fields, 4, sizeof(float));
        if (type == ElementType.Double)
            return Proto.Fixed(fields, 10, sizeof(double));
        var field = type switch
        {
            ElementType.Int64 => 7,
            ElementType.UInt32 or ElementType.UInt64 => 11,
            _ => 5,
        };
        var bytes = new List<byte>();
        foreach (var element in Proto.Varints(fields, field))
            Elements.Append(bytes, type, (Int128)(long)element);
        return [.. bytes];
    }

    static Sequence Sequence(ReadOnlyMemory<byte> message, SequenceType type)
    {
        var field = type.Element switch
        {
            TensorType => 3,
            SequenceType => 5,
            OptionalType => 7,
            _ => throw new NotSupportedException($"no test data is known for {type}"),
        };
        return new Sequence([.. Proto.Messages(Proto.Read(message), field).Select(m => Read(m, type.Element))]);
    }

    static Value Optional(ReadOnlyMemory<byte> message, OptionalType type)
    {
        var field = type.Contained is SequenceType ? 5 : 3;
        var contained = Proto.Messages(Proto.Read(message), field).ToList();
        return contained.Count == 0 ? new Absent() : Read(contained[^1], type.Contained);
    }
}
