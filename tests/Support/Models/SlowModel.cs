namespace Sluice.Support.Models;

/// <summary>A model that takes as long as its input says: it counts to it, one graph node at a time.</summary>
public static class SlowModel
{
    private const int Float = 1, Int64 = 7, Bool = 9;

    /// <summary>Input "times" INT64 [], output "count" FP32 [].</summary>
    /// <returns>The model file.</returns>
    public static string Save(string folder)
    {
        var body = new OnnxWriter()
            .Input("i", OnnxTypes.Tensor(Int64)).Input("go", OnnxTypes.Tensor(Bool)).Input("sum", OnnxTypes.Tensor(Float))
            .Output("still", OnnxTypes.Tensor(Bool)).Output("next", OnnxTypes.Tensor(Float))
            .Floats("one", [], 1)
            .Node("Identity", ["go"], ["still"]).Node("Add", ["sum", "one"], ["next"]);
        return new OnnxWriter().Input("times", OnnxTypes.Tensor(Int64)).Output("count", OnnxTypes.Tensor(Float))
            .Floats("zero", [], 0)
            .Node("Loop", ["times", "", "zero"], ["count"], "", OnnxWriter.GraphAttribute("body", body))
            .Save(Path.Combine(folder, "slow"));
    }
}
