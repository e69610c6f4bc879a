namespace Sluice.Runtime.Storage;

/// <summary>What <c>pull</c> is told.</summary>
internal sealed record PullSettings
{
    public required string Address { get; init; }

    /// <summary>The address for logs and messages: without user, password and query, which may be secrets.</summary>
    public string Shown => Uri.TryCreate(Address, UriKind.Absolute, out var uri) && (uri.UserInfo.Length > 0 || uri.Query.Length > 0)
        ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : Address;

    /// <summary>Lower-case hex; null takes what comes.</summary>
    public string? Sha256 { get; init; }

    public required string To { get; init; }

    /// <summary>Of all files together, in bytes.</summary>
    public long MaxBytes { get; init; } = 16L << 30;

    /// <summary>How long transient failures are retried.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A transfer that stands still for so long is begun anew.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
