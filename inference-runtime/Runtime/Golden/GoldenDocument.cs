using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Runtime.Golden;

/// <summary>A golden file: requests, and what the model must answer.</summary>
internal sealed record GoldenDocument
{
    /// <summary>Of the cases that have none of their own.</summary>
    public Tolerance? Tolerance { get; init; }

    public required IReadOnlyList<GoldenCase> Cases { get; init; }
}

/// <summary>One request, and what the model must answer.</summary>
internal sealed record GoldenCase
{
    /// <summary>For messages; null takes its place, counted from 1.</summary>
    public string? Name { get; init; }

    /// <summary>A body as V1 or V2 takes it.</summary>
    public required JsonElement Request { get; init; }

    /// <summary>The body that answers it. Outputs and fields that it leaves out are not compared.</summary>
    public required JsonElement Response { get; init; }

    public Tolerance? Tolerance { get; init; }
}

/// <summary>How far a number with a fraction may be from the expected one: absolute + relative × |expected|.</summary>
internal sealed record Tolerance
{
    /// <summary>What processors and builds of ONNX Runtime differ by in single precision.</summary>
    public static readonly Tolerance Usual = new() { Absolute = 1e-5, Relative = 1e-4 };

    /// <summary>0 when it is not given.</summary>
    public double? Absolute { get; init; }

    /// <summary>0 when it is not given.</summary>
    public double? Relative { get; init; }

    public bool IsValid => Absolute is null or >= 0 && Relative is null or >= 0;

    public bool Allows(double expected, double got) =>
        expected == got || Math.Abs(expected - got) <= (Absolute ?? 0) + ((Relative ?? 0) * Math.Abs(expected));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(GoldenDocument))]
internal sealed partial class GoldenJson : JsonSerializerContext;
