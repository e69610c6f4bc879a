using System.Text;
using Sluice.Onnx;

namespace Sluice.Runtime.Json;

/// <summary>Names of element types in the Open Inference Protocol.</summary>
internal static class Datatypes
{
    private static readonly Dictionary<string, ElementType> ByName =
        Enum.GetValues<ElementType>().Where(t => t != ElementType.Undefined).ToDictionary(Name);

    public static string Name(ElementType type) => type switch
    {
        ElementType.Float => "FP32",
        ElementType.Double => "FP64",
        ElementType.Float16 => "FP16",
        ElementType.BFloat16 => "BF16",
        ElementType.String => "BYTES",
        ElementType.Int64 => "INT64",
        ElementType.Int32 => "INT32",
        ElementType.Bool => "BOOL",
        _ => type.ToString().ToUpperInvariant(),
    };

    public static ElementType? Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.SequenceEqual("FP32"u8))
            return ElementType.Float;
        Span<char> name = stackalloc char[16];
        if (utf8.Length > name.Length || !Ascii.IsValid(utf8))
            return null;
        Ascii.ToUtf16(utf8, name, out var length);
        return ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var type) ? type : null;
    }

    /// <summary>The type of a name that <see cref="Name"/> gave.</summary>
    public static ElementType TypeOf(string name) => ByName[name];

    /// <summary>
    /// Types whose elements have no agreed form in JSON; they travel as raw bytes (binary extension, gRPC raw contents).
    /// </summary>
    public static bool HasJson(ElementType type) => type switch
    {
        ElementType.Float or ElementType.Double or ElementType.Bool or ElementType.String => true,
        ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64 => true,
        ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64 => true,
        _ => false,
    };
}
