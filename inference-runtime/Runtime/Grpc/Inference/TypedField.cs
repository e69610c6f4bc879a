using System.Globalization;
using Sluice.Onnx;
using Sluice.Runtime.Grpc.Wire;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>The field of InferTensorContents that carries an element type.</summary>
/// <param name="Number">See <see cref="InferFields"/>.</param>
/// <param name="Type">Of one element on its own; several may be packed, except bytes.</param>
internal sealed record TypedField(int Number, string Name, WireType Type, bool Signed = false)
{
    private static readonly TypedField?[] ByNumber =
    [
        null,
        new(InferFields.BoolContents, "bool_contents", WireType.Varint),
        new(InferFields.IntContents, "int_contents", WireType.Varint, Signed: true),
        new(InferFields.Int64Contents, "int64_contents", WireType.Varint, Signed: true),
        new(InferFields.UIntContents, "uint_contents", WireType.Varint),
        new(InferFields.UInt64Contents, "uint64_contents", WireType.Varint),
        new(InferFields.Fp32Contents, "fp32_contents", WireType.Fixed32),
        new(InferFields.Fp64Contents, "fp64_contents", WireType.Fixed64),
        new(InferFields.BytesContents, "bytes_contents", WireType.Bytes),
    ];

    /// <returns>Null for types that travel as raw bytes only, such as FP16 and BF16.</returns>
    public static TypedField? Of(ElementType type) => type switch
    {
        ElementType.Bool => ByNumber[InferFields.BoolContents],
        ElementType.Int8 or ElementType.Int16 or ElementType.Int32 => ByNumber[InferFields.IntContents],
        ElementType.Int64 => ByNumber[InferFields.Int64Contents],
        ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 => ByNumber[InferFields.UIntContents],
        ElementType.UInt64 => ByNumber[InferFields.UInt64Contents],
        ElementType.Float => ByNumber[InferFields.Fp32Contents],
        ElementType.Double => ByNumber[InferFields.Fp64Contents],
        ElementType.String => ByNumber[InferFields.BytesContents],
        _ => null,
    };

    public static string? NameOf(int number) => (uint)number < (uint)ByNumber.Length ? ByNumber[number]?.Name : null;

    /// <summary>How many elements the field holds that the reader is at; goes past it.</summary>
    public long Count(ref ProtoReader contents)
    {
        if (contents.Type == Type)
        {
            contents.Skip();
            return 1;
        }
        contents.Expect(WireType.Bytes, Name);
        var packed = contents.Message();
        if (Type == WireType.Varint)
            return packed.CountVarints();
        var size = Type == WireType.Fixed32 ? sizeof(uint) : sizeof(ulong);
        return packed.Length % size == 0
            ? packed.Length / size
            : throw new ProtoException($"Field {Name} ({Number}) has {packed.Length} bytes, which is no multiple of {size}.");
    }

    /// <summary>A number on the wire, for a message.</summary>
    public string Text(ulong wire) => Signed
        ? ((long)wire).ToString(CultureInfo.InvariantCulture)
        : wire.ToString(CultureInfo.InvariantCulture);
}
