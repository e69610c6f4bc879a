using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Grpc.Support;

/// <summary>
/// A model that runs as long as a request says: it adds 1 as often as its INT64 input "times" tells, one graph node after
/// the other, and answers the sum as FP32 "count".
/// </summary>
internal static class LoopModel
{
    private const int Float = 1, Int64 = 7, Bool = 9;

    /// <summary>More turns than any test waits for.</summary>
    public const long Endless = 1L << 50;

    public static void Save(string folder)
    {
        var body = new OnnxWriter()
            .Input("i", OnnxTypes.Tensor(Int64)).Input("go", OnnxTypes.Tensor(Bool)).Input("sum", OnnxTypes.Tensor(Float))
            .Output("still", OnnxTypes.Tensor(Bool)).Output("next", OnnxTypes.Tensor(Float))
            .Floats("one", [], 1)
            .Node("Identity", ["go"], ["still"]).Node("Add", ["sum", "one"], ["next"]);
        new OnnxWriter().Input("times", OnnxTypes.Tensor(Int64)).Output("count", OnnxTypes.Tensor(Float))
            .Floats("zero", [], 0)
            .Node("Loop", ["times", "", "zero"], ["count"], "", OnnxWriter.GraphAttribute("body", body))
            .Save(folder);
    }

    /// <summary>A request of so many turns.</summary>
    public static byte[] Request(long turns) =>
        InferMessage.To("loop").Input("times", "INT64").Contents(InferMessage.Bytes(turns)).ToArray();
}
