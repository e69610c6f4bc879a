namespace Sluice.Conformance.Corpus;

/// <param name="Absolute">Tolerance at which the values agree all the same; null when they are simply others.</param>
/// <param name="IsChance">The model draws random numbers, so it may also agree.</param>
/// <param name="IsRefused">The recorded input does not fit the model's own declaration, so it must be refused.</param>
sealed record Deviation(string Reason, double? Absolute = null, bool IsChance = false, bool IsRefused = false);

/// <summary>
/// Models for which ONNX Runtime itself, called without any server, does not give what the corpus records. Their answers
/// must still have the recorded types and shapes.
/// </summary>
static class Deviations
{
    static readonly Deviation Random = new("draws random numbers", IsChance: true);
    static readonly Deviation Digits = new("ONNX Runtime prints nine digits of a float, the corpus as few as tell it apart");
    static readonly Deviation Rounding = new("ONNX Runtime's transform in single precision leaves more than 1e-5 where the corpus has 0", 1e-3);
    static readonly Deviation Scales = new("ONNX Runtime takes the corners' distance from the output's size, the corpus from the scales");
    static readonly Deviation Unpool = new("ONNX Runtime reads the indices as those of the larger output, the corpus of the smaller");

    static readonly Deviation Truncated = new("ONNX Runtime rounds to bfloat16, the corpus cuts off");
    static readonly Deviation Undeclared = new("the corpus sends [1] where the model declares [3, 4]", IsRefused: true);

    static readonly Dictionary<string, Deviation> Known = new()
    {
        ["node-bernoulli"] = Random,
        ["node-bernoulli_double"] = Random,
        ["node-bernoulli_double_expanded"] = Random,
        ["node-bernoulli_expanded"] = Random,
        ["node-bernoulli_seed"] = Random,
        ["node-bernoulli_seed_expanded"] = Random,
        ["node-training_dropout"] = Random,
        ["node-training_dropout_default"] = Random,
        ["node-training_dropout_default_mask"] = Random,
        ["node-training_dropout_mask"] = Random,
        ["node-cast_FLOAT_to_STRING"] = Digits,
        ["node-castlike_FLOAT_to_STRING"] = Digits,
        ["node-castlike_FLOAT_to_STRING_expanded"] = Digits,
        ["node-cast_FLOAT_to_BFLOAT16"] = Truncated,
        ["node-castlike_BFLOAT16_to_FLOAT"] = Undeclared,
        ["node-castlike_BFLOAT16_to_FLOAT_expanded"] = Undeclared,
        ["node-castlike_FLOAT_to_BFLOAT16"] = Undeclared,
        ["node-castlike_FLOAT_to_BFLOAT16_expanded"] = Undeclared,
        ["node-dft"] = Rounding,
        ["node-dft_axis"] = Rounding,
        ["node-dft_inverse"] = Rounding,
        ["node-stft"] = Rounding,
        ["node-stft_with_window"] = Rounding,
        ["node-maxunpool_export_with_output_shape"] = Unpool,
        ["node-resize_downsample_scales_cubic_align_corners"] = Scales,
        ["node-resize_downsample_scales_linear_align_corners"] = Scales,
    };

    public static Deviation? Find(string name) => Known.GetValueOrDefault(name);
}
