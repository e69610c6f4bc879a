using Sluice.Runtime.Grpc.Wire;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>One entry of a map&lt;string, InferParameter&gt;, which is a message of a key and a value.</summary>
internal static class ParameterEntry
{
    private const ulong MaxClasses = 1_000_000;

    /// <summary>Refuses an entry that the caller's own library could not read back.</summary>
    public static void Check(ProtoReader entry)
    {
        while (entry.Next())
        {
            switch (entry.Field)
            {
                case InferFields.MapKey:
                    entry.Expect(WireType.Bytes, "parameters.key");
                    entry.Text();
                    break;
                case InferFields.MapValue:
                    entry.Expect(WireType.Bytes, "parameters.value");
                    Value(entry.Message());
                    break;
                default:
                    entry.Skip();
                    break;
            }
        }
    }

    /// <summary>How many classes an output's parameter "classification" asks for; 0 for other parameters.</summary>
    public static int Classes(ProtoReader entry)
    {
        Check(entry);
        var isClassification = false;
        ProtoReader value = default;
        while (entry.Next())
        {
            if (entry.Field == InferFields.MapKey)
                isClassification = entry.Bytes().SequenceEqual("classification"u8);
            else if (entry.Field == InferFields.MapValue)
                value = entry.Message();
            else
                entry.Skip();
        }
        if (!isClassification)
            return 0;
        ulong classes = 0;
        while (value.Next())
        {
            if (value.Field is InferFields.Int64Parameter or InferFields.UInt64Parameter)
                classes = value.Varint();
            else
                value.Skip();
        }
        return classes is > 0 and <= MaxClasses
            ? (int)classes
            : throw RequestException.Bad(
                $"The parameter \"classification\" must be an int64_param from 1 to {MaxClasses}.");
    }

    public static long Size(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text) =>
        ProtoSize.Bytes(key.Length) + ProtoSize.Bytes(ProtoSize.Bytes(text.Length));

    /// <summary>An entry whose value is a string.</summary>
    public static void Write(ref ProtoWriter writer, int field, ReadOnlySpan<byte> key, ReadOnlySpan<byte> text)
    {
        writer.Head(field, Size(key, text));
        writer.Bytes(InferFields.MapKey, key);
        writer.Head(InferFields.MapValue, ProtoSize.Bytes(text.Length));
        writer.Bytes(InferFields.StringParameter, text);
    }

    /// <summary>Size of an entry whose value is true.</summary>
    public static long TrueSize(ReadOnlySpan<byte> key) => ProtoSize.Bytes(key.Length) + ProtoSize.Bytes(2);

    /// <summary>An entry whose value is true.</summary>
    public static void WriteTrue(ref ProtoWriter writer, int field, ReadOnlySpan<byte> key)
    {
        writer.Head(field, TrueSize(key));
        writer.Bytes(InferFields.MapKey, key);
        writer.Head(InferFields.MapValue, 2);
        writer.Bool(InferFields.BoolParameter, true);
    }

    private static void Value(ProtoReader value)
    {
        while (value.Next())
        {
            switch (value.Field)
            {
                case InferFields.BoolParameter:
                    value.Expect(WireType.Varint, "bool_param");
                    value.Skip();
                    break;
                case InferFields.Int64Parameter:
                    value.Expect(WireType.Varint, "int64_param");
                    value.Skip();
                    break;
                case InferFields.StringParameter:
                    value.Expect(WireType.Bytes, "string_param");
                    value.Text();
                    break;
                case InferFields.DoubleParameter:
                    value.Expect(WireType.Fixed64, "double_param");
                    value.Skip();
                    break;
                case InferFields.UInt64Parameter:
                    value.Expect(WireType.Varint, "uint64_param");
                    value.Skip();
                    break;
                default:
                    value.Skip();
                    break;
            }
        }
    }
}
