using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Grpc.Support;

/// <summary>A model for each type, called after its datatype, that gives its input "x" back as "y".</summary>
internal static class SameModels
{
    /// <summary>Datatypes and ONNX's numbers for them.</summary>
    private static readonly (string Datatype, int Element)[] Types =
    [
        ("FP32", 1), ("UINT8", 2), ("INT8", 3), ("UINT16", 4), ("INT16", 5), ("INT32", 6), ("INT64", 7), ("BOOL", 9),
        ("FP16", 10), ("FP64", 11), ("UINT32", 12), ("UINT64", 13), ("BF16", 16),
    ];

    public static void Save(string folder)
    {
        foreach (var (datatype, element) in Types)
        {
            new OnnxWriter().Input("x", OnnxTypes.Tensor(element, "n", "m")).Output("y", OnnxTypes.Tensor(element, "n", "m"))
                .Node("Identity", ["x"], ["y"]).Save(Path.Combine(folder, datatype, "1"));
        }
    }
}
