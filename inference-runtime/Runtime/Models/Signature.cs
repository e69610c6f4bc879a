using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Sluice.Onnx;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Models;

/// <summary>One input or output as the protocols name it.</summary>
internal sealed class Port
{
    public Port(ValueInfo info, bool required)
    {
        (Info, Required) = (info, required);
        Name = info.Name;
        Utf8Name = Encoding.UTF8.GetBytes(info.Name);
        var json = new JsonBuffer();
        json.String(info.Name);
        JsonName = json.Written.ToArray();
        (Datatype, Shape) = Describe(info.Type);
        json.Clear();
        json.Raw("{\"name\":"u8);
        json.Raw(JsonName);
        json.Raw(",\"datatype\":\""u8);
        json.Ascii(Datatype);
        json.Raw("\",\"shape\":["u8);
        JsonHead = json.Written.ToArray();
        Wanted = $"{Datatype} [{string.Join(", ", Shape.Select(d => d.ToString()))}]";
    }

    public ValueInfo Info { get; }

    public string Name { get; }

    public byte[] Utf8Name { get; }

    /// <summary>Quoted and escaped.</summary>
    public byte[] JsonName { get; }

    /// <summary>How a V2 answer of the declared datatype begins, up to its sizes.</summary>
    public byte[] JsonHead { get; }

    /// <summary>False for an initializer that a request may override.</summary>
    public bool Required { get; }

    /// <summary>Of the Open Inference Protocol.</summary>
    public string Datatype { get; }

    public ImmutableArray<Dimension> Shape { get; }

    /// <summary>For messages, such as <c>FP32 [batch, 4]</c>.</summary>
    public string Wanted { get; }

    public bool IsTensor => Info.Type is TensorType;

    private static (string Datatype, ImmutableArray<Dimension> Shape) Describe(OnnxType type) => type switch
    {
        TensorType tensor => (Datatypes.Name(tensor.Element), tensor.Shape ?? []),
        OptionalType optional => Describe(optional.Contained),
        // A classifier's list of {class: score}: rows by classes, see the V2 answer.
        SequenceType { Element: MapType { Value: TensorType value } } => (Datatypes.Name(value.Element), [new(-1), new(-1)]),
        MapType { Value: TensorType value } => (Datatypes.Name(value.Element), [new(-1)]),
        SequenceType { Element: TensorType element } => (Datatypes.Name(element.Element), [new(-1), .. element.Shape ?? []]),
        _ => (Datatypes.Name(ElementType.String), [new(-1)]),
    };
}

/// <summary>What a model takes and gives.</summary>
internal sealed class Signature
{
    /// <summary>Up to here comparing one by one beats hashing.</summary>
    private const int Few = 8;

    private readonly FrozenDictionary<string, int> inputIndex;
    private readonly FrozenDictionary<string, int> outputIndex;

    public Signature(OnnxSession session)
    {
        Inputs = [.. session.Feeds.Select((v, i) => new Port(v, i < session.Inputs.Length))];
        Outputs = [.. session.Outputs.Select(v => new Port(v, required: true))];
        RequiredCount = session.Inputs.Length;
        inputIndex = Inputs.Select((p, i) => KeyValuePair.Create(p.Name, i)).ToFrozenDictionary();
        outputIndex = Outputs.Select((p, i) => KeyValuePair.Create(p.Name, i)).ToFrozenDictionary();
    }

    /// <summary>The required inputs, then the optional ones.</summary>
    public ImmutableArray<Port> Inputs { get; }

    public ImmutableArray<Port> Outputs { get; }

    public int RequiredCount { get; }

    /// <returns>-1 when there is none.</returns>
    public int FindInput(ReadOnlySpan<byte> utf8) => Find(utf8, Inputs, inputIndex);

    /// <returns>-1 when there is none.</returns>
    public int FindOutput(ReadOnlySpan<byte> utf8) => Find(utf8, Outputs, outputIndex);

    private static int Find(ReadOnlySpan<byte> utf8, ImmutableArray<Port> ports, FrozenDictionary<string, int> index)
    {
        if (ports.Length > Few)
        {
            Span<char> chars = utf8.Length <= 256 ? stackalloc char[utf8.Length] : new char[utf8.Length];
            var length = Encoding.UTF8.GetChars(utf8, chars);
            return index.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(chars[..length], out var found) ? found : -1;
        }
        for (var i = 0; i < ports.Length; i++)
        {
            if (utf8.SequenceEqual(ports[i].Utf8Name))
                return i;
        }
        return -1;
    }
}
