using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>Who may call the model.</summary>
public sealed record AuthSpec
{
    /// <summary>A Secret in the same namespace whose values are the accepted bearer keys; its keys name the callers.</summary>
    [Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"), MinLength(1), MaxLength(253)]
    public required string ApiKeysSecret { get; init; }
}
