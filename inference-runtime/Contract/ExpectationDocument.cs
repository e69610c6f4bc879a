using System.Text.Json;

namespace Sluice.Contract;

/// <summary>What one feature is expected to be, written as the <c>expectations</c> of a ModelVersion are.</summary>
public sealed record ExpectationDocument
{
    /// <summary>An input, or a column of one such as <c>input[2]</c>.</summary>
    public required string Feature { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    /// <summary>Numbers, or texts; a text may be a number's.</summary>
    public IReadOnlyList<JsonElement>? Allowed { get; init; }

    /// <summary>Each row has a value: the input is there, and it is neither NaN nor an empty text.</summary>
    public bool? Required { get; init; }

    /// <summary>A request that does not meet it is refused; otherwise it is counted.</summary>
    public bool? Reject { get; init; }
}
