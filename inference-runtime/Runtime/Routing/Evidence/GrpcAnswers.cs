using System.Text;
using Sluice.Runtime.Grpc.Framing;
using Sluice.Runtime.Grpc.Inference;
using Sluice.Runtime.Grpc.Wire;

namespace Sluice.Runtime.Routing.Evidence;

/// <summary>Reads a ModelInferResponse with its framing.</summary>
internal static class GrpcAnswers
{
    public static IReadOnlyList<Answered> Read(ReadOnlySpan<byte> body)
    {
        if (body.Length < RequestMessage.PrefixLength)
            return [];
        if (body[0] != 0)
            throw new UnreadableAnswerException("A compressed answer is not looked into.");
        var tensors = new List<Tensor>();
        var raws = new List<byte[]>();
        try
        {
            var reader = new ProtoReader(body[RequestMessage.PrefixLength..]);
            while (reader.Next())
            {
                switch (reader.Field)
                {
                    case InferFields.ResponseOutputs: tensors.Add(ReadTensor(reader.Message())); break;
                    case InferFields.ResponseRawContents: raws.Add(reader.Bytes().ToArray()); break;
                    default: reader.Skip(); break;
                }
            }
        }
        catch (ProtoException e)
        {
            throw new UnreadableAnswerException(e.Message);
        }

        return raws.Count > 0 && raws.Count != tensors.Count
            ? throw new UnreadableAnswerException("Contents are missing.")
            : [.. tensors.Select((t, i) => raws.Count > 0 ? RawElements.Read(t.Name, t.Type, t.Shape, raws[i]) : t.Answered())];
    }

    private static Tensor ReadTensor(ProtoReader reader)
    {
        var tensor = new Tensor();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case InferFields.TensorName: tensor.Name = Encoding.UTF8.GetString(reader.Text()); break;
                case InferFields.TensorDatatype: tensor.Type = Encoding.UTF8.GetString(reader.Text()); break;
                case InferFields.TensorShape: ReadShape(ref reader, tensor); break;
                case InferFields.TensorContents: ReadContents(reader.Message(), tensor); break;
                default: reader.Skip(); break;
            }
        }

        return tensor;
    }

    private static void ReadShape(ref ProtoReader reader, Tensor tensor)
    {
        if (reader.Type == WireType.Varint)
        {
            tensor.Shape = [.. tensor.Shape, (long)reader.Varint()];
            return;
        }

        var packed = reader.Message();
        while (!packed.AtEnd)
            tensor.Shape = [.. tensor.Shape, (long)packed.Varint()];
    }

    private static void ReadContents(ProtoReader reader, Tensor tensor)
    {
        while (reader.Next())
        {
            if (reader.Field == InferFields.BytesContents)
                tensor.Texts.Add(Encoding.UTF8.GetString(reader.Bytes()));
            else if (reader.Type != WireType.Bytes)
                reader.Skip();
            else
                ReadPacked(reader.Field, reader.Message(), tensor.Numbers);
        }
    }

    private static void ReadPacked(int field, ProtoReader packed, List<double> numbers)
    {
        while (!packed.AtEnd)
        {
            numbers.Add(field switch
            {
                InferFields.Fp32Contents => BitConverter.UInt32BitsToSingle(packed.Fixed32()),
                InferFields.Fp64Contents => BitConverter.UInt64BitsToDouble(packed.Fixed64()),
                InferFields.UIntContents or InferFields.UInt64Contents => packed.Varint(),
                _ => (long)packed.Varint(),
            });
        }
    }

    private sealed class Tensor
    {
        public string Name { get; set; } = "";

        public string Type { get; set; } = "";

        public long[] Shape { get; set; } = [];

        public List<double> Numbers { get; } = [];

        public List<string> Texts { get; } = [];

        public Answered Answered() => Type == "BYTES"
            ? new Answered(Name, Type, Shape, null, [.. Texts], AreWhole: false)
            : new Answered(Name, Type, Shape, [.. Numbers], null, Type.Contains("INT", StringComparison.Ordinal) || Type == "BOOL");
    }
}
