using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Onnx;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Json;

/// <summary>Reads a JSON value (a scalar or nested lists) element by element into the memory of a model's input.</summary>
internal static class TensorJsonReader
{
    /// <param name="reader">On the value's first token; afterwards on its last.</param>
    /// <param name="shape">Receives what the nesting says.</param>
    /// <exception cref="RequestException">An element does not fit the input's type, or the lists are ragged.</exception>
    public static void Read(ref Utf8JsonReader reader, InputSlot slot, NestedShape shape)
    {
        shape.Start();
        switch (slot.ElementType)
        {
            case ElementType.Float: Walk<float, SingleElement>(ref reader, slot, shape); break;
            case ElementType.Double: Walk<double, DoubleElement>(ref reader, slot, shape); break;
            case ElementType.Int64: Walk<long, IntegerElement<long>>(ref reader, slot, shape); break;
            case ElementType.Int32: Walk<int, IntegerElement<int>>(ref reader, slot, shape); break;
            case ElementType.Int16: Walk<short, IntegerElement<short>>(ref reader, slot, shape); break;
            case ElementType.Int8: Walk<sbyte, IntegerElement<sbyte>>(ref reader, slot, shape); break;
            case ElementType.UInt64: Walk<ulong, UnsignedElement>(ref reader, slot, shape); break;
            case ElementType.UInt32: Walk<uint, IntegerElement<uint>>(ref reader, slot, shape); break;
            case ElementType.UInt16: Walk<ushort, IntegerElement<ushort>>(ref reader, slot, shape); break;
            case ElementType.UInt8: Walk<byte, IntegerElement<byte>>(ref reader, slot, shape); break;
            case ElementType.Bool: Walk<bool, BoolElement>(ref reader, slot, shape); break;
            case ElementType.String: WalkStrings(ref reader, slot, shape); break;
            default:
                throw RequestException.Bad(
                    $"Input \"{slot.Info.Name}\" is {Datatypes.Name(slot.ElementType)}, which JSON cannot carry: send it with the V2 binary tensor extension or in gRPC raw_input_contents.");
        }
        if (!shape.Regular)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\" has lists of different lengths; a tensor's rows are equally long.");
    }

    private static void Walk<T, TElement>(ref Utf8JsonReader reader, InputSlot slot, NestedShape shape)
        where T : unmanaged
        where TElement : IJsonElement<T>
    {
        var depth = 0;
        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    shape.Open(depth++);
                    break;
                case JsonTokenType.EndArray:
                    shape.Close(--depth);
                    break;
                default:
                    if (!TElement.TryRead(ref reader, out var element))
                        throw WrongElement(ref reader, slot);
                    slot.Append(element);
                    shape.Element(depth);
                    break;
            }
        }
        while (depth > 0 && reader.Read());
    }

    private static void WalkStrings(ref Utf8JsonReader reader, InputSlot slot, NestedShape shape)
    {
        var depth = 0;
        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    shape.Open(depth++);
                    break;
                case JsonTokenType.EndArray:
                    shape.Close(--depth);
                    break;
                case JsonTokenType.String:
                    AppendString(ref reader, slot);
                    shape.Element(depth);
                    break;
                default:
                    throw WrongElement(ref reader, slot);
            }
        }
        while (depth > 0 && reader.Read());
    }

    private static void AppendString(ref Utf8JsonReader reader, InputSlot slot)
    {
        try
        {
            // Unescaped text is never longer than the escaped.
            var target = slot.ReserveString(reader.ValueSpan.Length);
            slot.CommitString(reader.CopyString(target));
        }
        catch (InvalidOperationException)
        {
            throw RequestException.Bad($"Input \"{slot.Info.Name}\": element {slot.Count} is not valid Unicode text.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RequestException WrongElement(ref Utf8JsonReader reader, InputSlot slot)
    {
        var what = reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.String => $"\"{Excerpt.Of(reader.ValueSpan)}\"",
            _ => Excerpt.Of(reader.ValueSpan),
        };
        return RequestException.Bad(
            $"Input \"{slot.Info.Name}\" wants {Datatypes.Name(slot.ElementType)}; element {slot.Count} is {what}.");
    }
}
