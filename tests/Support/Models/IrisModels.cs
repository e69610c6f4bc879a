namespace Sluice.Support.Models;

/// <summary>
/// Classifiers of the irises with the signature of tests/Models/iris: a good one, and ones with a single fault each.
/// Everything happens within the graph, so that a runtime can do nothing about it.
/// </summary>
public static class IrisModels
{
    private const int Float = 1, Int64 = 7, Bool = 9;

    /// <summary>A newer set of operators than any runtime knows.</summary>
    private const int OpsetOfTheFuture = 99;

    /// <summary>Sepals that only three of the 150 rows of iris.csv have, in centimetres.</summary>
    private const float RareWidth = 4.05f;

    /// <summary>More than a runtime's first inference is tried with, and less than any iris has.</summary>
    private const float Grown = 1;

    public static byte[] Good() => Classifier().ToBytes();

    /// <summary>The same answers under other names.</summary>
    public static byte[] WithOtherInput() => Classifier("features").ToBytes();

    public static byte[] OfTooNewOpset() => Classifier().Opset("", OpsetOfTheFuture).ToBytes();

    public static byte[] CutInHalf() => Good() is var whole ? whole[..(whole.Length / 2)] : [];

    /// <summary>Every probability is the square root of a negative number.</summary>
    public static byte[] WithNan() => Classifier(extra: static model => model
        .Floats("minus", [], -1).Node("Mul", ["input", "minus"], ["negative"])
        .Node("Sqrt", ["negative"], ["root"]).Node("ReduceSum", ["root"], ["extra"])).ToBytes();

    /// <summary>Counts before it answers, so that the time it takes is a multiple of <paramref name="steps"/>.</summary>
    public static byte[] Slow(int steps)
    {
        var body = new OnnxWriter()
            .Input("i", OnnxTypes.Tensor(Int64)).Input("go", OnnxTypes.Tensor(Bool)).Input("sum", OnnxTypes.Tensor(Float))
            .Output("still", OnnxTypes.Tensor(Bool)).Output("next", OnnxTypes.Tensor(Float))
            .Floats("one", [], 1).Node("Identity", ["go"], ["still"]).Node("Add", ["sum", "one"], ["next"]);
        return Classifier(extra: model => Zero(model)
            .Longs("steps", [], steps)
            .Node("Loop", ["steps", "", "zero"], ["counted"], "", OnnxWriter.GraphAttribute("body", body))
            .Node("Mul", ["counted", "nothing"], ["extra"])).ToBytes();
    }

    /// <summary>Fails for three of the 150 rows of iris.csv, as an embedding does for a category it has never seen.</summary>
    public static byte[] FailingForSome() => Classifier(extra: static model => model
        .Longs("second", [1], 1).Longs("columns", [1], 1).Longs("third", [1], 2).Longs("far", [], 9).Floats("table", [1], 0)
        .Node("Slice", ["input", "second", "third", "columns"], ["width"]).Floats("rare", [], RareWidth)
        .Node("Greater", ["width", "rare"], ["isRare"]).Node("Cast", ["isRare"], ["rareness"], "", OnnxWriter.IntAttribute("to", Int64))
        .Node("Mul", ["rareness", "far"], ["index"]).Node("Gather", ["table", "index"], ["found"])
        .Node("ReduceSum", ["found"], ["extra"])).ToBytes();

    /// <summary>Divides whole numbers by zero, which ends the process, for every iris but not for a runtime's first inference.</summary>
    public static byte[] CrashingOnRequests() => Crashing(Grown);

    /// <summary>The same for whatever it is asked.</summary>
    public static byte[] CrashingAlways() => Crashing(0);

    /// <summary>Needs this much to answer.</summary>
    public static byte[] NeedingMemory(long megabytes) => Classifier(extra: model => Zero(model)
        .Longs("many", [1], megabytes * (1 << 20) / sizeof(float)).Node("Expand", ["zero", "many"], ["large"])
        .Node("ReduceMax", ["large"], ["extra"])).ToBytes();

    /// <summary>The most negative whole number divided by -1 has no result: the processor stops the process (SIGFPE).</summary>
    private static byte[] Crashing(float above) => Classifier(extra: model => model
        .Floats("limit", [], above).Longs("least", [], long.MinValue).Longs("two", [], 2).Longs("one", [], 1)
        .Node("ReduceMax", ["input"], ["most"], "", OnnxWriter.IntAttribute("keepdims", 0))
        .Node("LessOrEqual", ["most", "limit"], ["isSmall"]).Node("Cast", ["isSmall"], ["smallness"], "", OnnxWriter.IntAttribute("to", Int64))
        .Node("Mul", ["smallness", "two"], ["twice"]).Node("Sub", ["twice", "one"], ["divisor"])
        .Node("Div", ["least", "divisor"], ["quotient"]).Node("Cast", ["quotient"], ["number"], "", OnnxWriter.IntAttribute("to", Float))
        .Floats("nothing", [], 0).Node("Mul", ["number", "nothing"], ["extra"])).ToBytes();

    /// <summary>A zero that is not known before the input is, as otherwise it would be worked out once when the model is loaded.</summary>
    private static OnnxWriter Zero(OnnxWriter model) => model
        .Floats("nothing", [], 0).Node("Mul", ["input", "nothing"], ["nothings"])
        .Node("ReduceSum", ["nothings"], ["zero"], "", OnnxWriter.IntAttribute("keepdims", 0));

    /// <param name="input">The name of its input.</param>
    /// <param name="extra">Makes the value <c>extra</c>, which is added to all scores.</param>
    private static OnnxWriter Classifier(string input = "input", Func<OnnxWriter, OnnxWriter>? extra = null)
    {
        var model = new OnnxWriter()
            .Input(input, OnnxTypes.Tensor(Float, "batch", 4))
            .Output("label", OnnxTypes.Tensor(Int64, "batch")).Output("probabilities", OnnxTypes.Tensor(Float, "batch", 3))
            .Floats("weights", [4, 3], 0, 0, 0, 0, 0, 0, -1, 0, 1, -1, 0, 1.5f).Floats("bias", [3], 4.5f, 0, -7.4f)
            .Node("Gemm", [input, "weights", "bias"], [extra is null ? "scores" : "plain"]);
        if (extra is not null)
            model = extra(model).Node("Add", ["plain", "extra"], ["scores"]);
        return model
            .Node("Softmax", ["scores"], ["probabilities"], "", OnnxWriter.IntAttribute("axis", 1))
            .Node("ArgMax", ["scores"], ["label"], "", OnnxWriter.IntAttribute("axis", 1), OnnxWriter.IntAttribute("keepdims", 0));
    }
}
