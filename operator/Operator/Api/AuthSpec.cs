namespace Sluice.Operator.Api;

/// <summary>Who may call the model.</summary>
public sealed record AuthSpec
{
    /// <summary>A Secret in the same namespace whose values are the accepted bearer keys; its keys name the callers.</summary>
    public string? ApiKeysSecret { get; init; }
}
