using Sluice.Onnx;

namespace Sluice.Conformance.Wire;

/// <summary>Names of the element types in the Open Inference Protocol.</summary>
static class Datatypes
{
    static readonly Dictionary<ElementType, string> Names = new()
    {
        [ElementType.Bool] = "BOOL",
        [ElementType.UInt8] = "UINT8",
        [ElementType.UInt16] = "UINT16",
        [ElementType.UInt32] = "UINT32",
        [ElementType.UInt64] = "UINT64",
        [ElementType.Int8] = "INT8",
        [ElementType.Int16] = "INT16",
        [ElementType.Int32] = "INT32",
        [ElementType.Int64] = "INT64",
        [ElementType.Float16] = "FP16",
        [ElementType.BFloat16] = "BF16",
        [ElementType.Float] = "FP32",
        [ElementType.Double] = "FP64",
        [ElementType.String] = "BYTES",
    };

    public static string Name(ElementType type) => Names[type];

    public static ElementType Find(string name) => Names.First(n => n.Value == name).Key;

    /// <summary>Whether JSON and gRPC's typed contents have no form for it.</summary>
    public static bool IsRawOnly(ElementType type) => type is ElementType.Float16 or ElementType.BFloat16;
}
