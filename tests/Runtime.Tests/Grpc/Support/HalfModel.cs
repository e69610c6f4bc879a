using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Grpc.Support;

/// <summary>Gives its input "x", FP32, back as BF16 "y", and takes "f", FP32 with a value of its own, to give back as "g".</summary>
internal static class HalfModel
{
    private const int Float = 1, BFloat16 = 16;

    public static void Save(string folder) => new OnnxWriter()
        .Input("x", OnnxTypes.Tensor(Float, "n")).Output("y", OnnxTypes.Tensor(BFloat16, "n"))
        .Input("f", OnnxTypes.Tensor(Float, 2)).Output("g", OnnxTypes.Tensor(Float, 2))
        .Floats("f", [2], 1.5f, 2.5f)
        .Node("Cast", ["x"], ["y"], "", OnnxWriter.IntAttribute("to", BFloat16)).Node("Identity", ["f"], ["g"])
        .Save(folder);
}
