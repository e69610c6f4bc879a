using System.Text;
using Sluice.Runtime.Grpc.Wire;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>One entry of a map&lt;string, InferParameter&gt;, which is a message of a key and a value.</summary>
internal static class ParameterEntry
{
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

    /// <summary>
    /// Whole numbers that a parameter may have which means something to the server; null when the entry is of another.
    /// </summary>
    /// <exception cref="RequestException">It is of this parameter, and no whole number in the range.</exception>
    public static long? Number(ProtoReader entry, ReadOnlySpan<byte> name, long most, long least = 1)
    {
        var found = false;
        ProtoReader value = default;
        while (entry.Next())
        {
            if (entry.Field == InferFields.MapKey)
                found = entry.Bytes().SequenceEqual(name);
            else if (entry.Field == InferFields.MapValue)
                value = entry.Message();
            else
                entry.Skip();
        }
        if (!found)
            return null;
        ulong number = 0;
        while (value.Next())
        {
            if (value.Field is InferFields.Int64Parameter or InferFields.UInt64Parameter)
                number = value.Varint();
            else
                value.Skip();
        }
        return number >= (ulong)least && number <= (ulong)most
            ? (long)number
            : throw RequestException.Bad(
                $"The parameter \"{Encoding.UTF8.GetString(name)}\" must be an int64_param from {least} to {most}.");
    }

    /// <summary>Whether the entry is of this parameter and says true.</summary>
    public static bool IsTrue(ProtoReader entry, ReadOnlySpan<byte> name)
    {
        var (found, says) = (false, false);
        while (entry.Next())
        {
            if (entry.Field == InferFields.MapKey)
            {
                entry.Expect(WireType.Bytes, "parameters");
                found = entry.Bytes().SequenceEqual(name);
            }
            else if (entry.Field == InferFields.MapValue)
            {
                entry.Expect(WireType.Bytes, "parameters");
                var value = entry.Message();
                while (value.Next())
                {
                    if (value.Field == InferFields.BoolParameter && value.Type == WireType.Varint)
                        says = value.Varint() != 0;
                    else
                        value.Skip();
                }
            }
            else
            {
                entry.Skip();
            }
        }
        return found && says;
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
