using System.Text.Json;
using Sluice.Onnx;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Models;

/// <summary>
/// Makes the inputs that are no tensors. The protocols know tensors only, so these arrive as strings that are JSON texts:
/// of a sequence one for each item, of a map one object. A tensor among them is nested lists, a map an object whose keys
/// are the map's keys.
/// </summary>
internal static class TextInputs
{
    /// <exception cref="RequestException">A text does not fit the declared type.</exception>
    public static void Make(ModelCall call)
    {
        for (var i = 0; i < call.Frame.Inputs.Length; i++)
        {
            var slot = call.Frame.Inputs[i];
            if (!slot.IsSet || !call.Model.Signature.Inputs[i].IsText)
                continue;
            try
            {
                using var value = new TextInput(slot, call.Nesting).Make(call.Model.Signature.Inputs[i].Contained);
                slot.SetValue(value);
            }
            catch (OnnxException e)
            {
                throw RequestException.Bad($"Input \"{slot.Info.Name}\" cannot be made a {slot.Info.Type}: {e.Message}");
            }
        }
    }
}

/// <summary>Makes one of them.</summary>
internal sealed class TextInput(InputSlot slot, NestedShape nesting)
{
    /// <summary>Items and keys of one input: each costs a hundred times the two bytes that it may have in the request.</summary>
    private const int MostParts = 100_000;

    private readonly string name = slot.Info.Name;
    private int parts;

    public OnnxValue Make(OnnxType type)
    {
        if (type is SequenceType sequence)
            return slot.Count > 0 ? Sequence(sequence.Element) : Empty(sequence.Element);
        if (slot.Count != 1)
            throw RequestException.Bad($"Input \"{name}\" is {slot.Info.Type}, which is one JSON object; there are {slot.Count} texts.");
        return Item(0, type);
    }

    private OnnxValue Empty(OnnxType element) => element is TensorType tensor
        ? NewValue.EmptySequence(tensor.Element)
        : throw RequestException.Bad($"Input \"{name}\" is {slot.Info.Type}, which needs at least one item.");

    private OnnxValue Sequence(OnnxType element)
    {
        var items = new List<OnnxValue>();
        try
        {
            for (long i = 0; i < slot.Count; i++)
            {
                Count();
                items.Add(Item(i, element));
            }
            return NewValue.Sequence(items);
        }
        finally
        {
            items.ForEach(i => i.Dispose());
        }
    }

    private OnnxValue Item(long index, OnnxType type)
    {
        OnnxValue? item = null;
        try
        {
            var reader = new Utf8JsonReader(slot.StringAt(index));
            reader.Read();
            item = type switch
            {
                TensorType => Tensor(ref reader, type),
                MapType map => Map(ref reader, map),
                _ => throw RequestException.Bad($"Input \"{name}\" is {slot.Info.Type}, which JSON cannot carry."),
            };
            // Reports what follows the value.
            reader.Read();
            return item;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            item?.Dispose();
            throw RequestException.Bad($"Input \"{name}\": element {index}, {Excerpt.Of(slot.StringAt(index))}, is not valid JSON.");
        }
    }

    private OnnxValue Tensor(ref Utf8JsonReader reader, OnnxType type)
    {
        using var part = InputSlot.ForPart(new ValueInfo(name, type));
        part.Start();
        TensorJsonReader.Read(ref reader, part, nesting);
        part.SetShape(nesting.Sizes);
        return part.ToValue();
    }

    private OnnxValue Map(ref Utf8JsonReader reader, MapType type)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw RequestException.Bad($"Input \"{name}\" wants a {type}, a JSON object with a value per key.");
        using var keys = InputSlot.ForPart(new ValueInfo(name, new TensorType(type.Key, null)));
        using var values = InputSlot.ForPart(new ValueInfo(name, type.Value));
        keys.Start();
        values.Start();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Count();
            var key = reader.GetString()!;
            if (!seen.Add(key))
                throw RequestException.Bad($"Input \"{name}\" has the key \"{Excerpt.Of(key)}\" twice.");
            Key(keys, key);
            reader.Read();
            TensorJsonReader.Read(ref reader, values, nesting);
            if (nesting.Rank > 0)
                throw RequestException.Bad($"Input \"{name}\" wants one value for each key; \"{Excerpt.Of(key)}\" has a list.");
        }
        keys.SetShape([keys.Count]);
        values.SetShape([values.Count]);
        using var all = keys.ToValue();
        using var each = values.ToValue();
        return NewValue.Map(all, each);
    }

    private void Key(InputSlot keys, string key)
    {
        if (keys.ElementType == ElementType.String)
            keys.AppendString(System.Text.Encoding.UTF8.GetBytes(key));
        else if (keys.ElementType == ElementType.Int64 && long.TryParse(key, System.Globalization.CultureInfo.InvariantCulture, out var number))
            keys.Append(number);
        else
            throw RequestException.Bad($"Input \"{name}\" wants keys that are {Datatypes.Name(keys.ElementType)}; \"{Excerpt.Of(key)}\" is none.");
    }

    private void Count()
    {
        if (++parts > MostParts)
            throw new RequestException(413, $"Input \"{name}\" has more than {MostParts} items and keys, which is more than this server takes.");
    }
}
