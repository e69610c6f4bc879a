using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Sluice.Onnx;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Models;

/// <summary>One input or output as the protocols name it.</summary>
internal sealed class Port
{
    /// <param name="info">Name and type.</param>
    /// <param name="required">A request must have it, unless it is an optional.</param>
    /// <param name="isInput">What is no tensor has other forms on the way in and on the way out.</param>
    public Port(ValueInfo info, bool required, bool isInput)
    {
        (Info, Required) = (info, required && info.Type is not OptionalType);
        Name = info.Name;
        Utf8Name = Encoding.UTF8.GetBytes(info.Name);
        var json = new JsonBuffer();
        json.String(info.Name);
        JsonName = json.Written.ToArray();
        (Datatype, Shape) = Describe(info.Type, isInput);
        json.Clear();
        json.Raw("{\"name\":"u8);
        json.Raw(JsonName);
        json.Raw(",\"datatype\":\""u8);
        json.Ascii(Datatype);
        json.Raw("\",\"shape\":["u8);
        JsonHead = json.Written.ToArray();
        Wanted = $"{Datatype} [{string.Join(", ", Shape.Select(d => d.ToString()))}]"
            + (isInput && IsText ? $" of JSON texts that make a {info.Type}" : "");
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

    /// <summary>A sequence or map, which on the way in is made of JSON texts.</summary>
    public bool IsText => Contained is SequenceType or MapType;

    /// <summary>The type of the value, where there is one.</summary>
    public OnnxType Contained => Info.Type is OptionalType optional ? optional.Contained : Info.Type;

    private static (string Datatype, ImmutableArray<Dimension> Shape) Describe(OnnxType type, bool isInput) => type switch
    {
        TensorType tensor => (Datatypes.Name(tensor.Element), tensor.Shape ?? []),
        OptionalType optional => Describe(optional.Contained, isInput),
        MapType when isInput => (Datatypes.Name(ElementType.String), [new(1)]),
        SequenceType when isInput => (Datatypes.Name(ElementType.String), [new(-1)]),
        // A classifier's list of {class: score}: rows by classes, see the V2 answer.
        SequenceType { Element: MapType { Value: TensorType value } } => (Datatypes.Name(value.Element), [new(-1), new(-1)]),
        MapType { Value: TensorType value } => (Datatypes.Name(value.Element), [new(-1)]),
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
        Inputs = [.. session.Feeds.Select((v, i) => new Port(v, i < session.Inputs.Length, isInput: true))];
        Outputs = [.. session.Outputs.Select(v => new Port(v, required: true, isInput: false))];
        RequiredCount = session.Inputs.Length;
        HasTexts = Inputs.Any(p => p.IsText);
        inputIndex = Inputs.Select((p, i) => KeyValuePair.Create(p.Name, i)).ToFrozenDictionary();
        outputIndex = Outputs.Select((p, i) => KeyValuePair.Create(p.Name, i)).ToFrozenDictionary();
    }

    /// <summary>The required inputs, then the optional ones.</summary>
    public ImmutableArray<Port> Inputs { get; }

    public ImmutableArray<Port> Outputs { get; }

    public int RequiredCount { get; }

    /// <summary>Some input is a sequence or map.</summary>
    public bool HasTexts { get; }

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
