namespace Sluice.Kubernetes.Model;

/// <summary>metav1.Status: the API server's answer when there is no object to answer with.</summary>
public sealed record Status
{
    public string? Kind { get; init; }

    public string? ApiVersion { get; init; }

    public ListMeta? Metadata { get; init; }

    /// <summary><c>Success</c> or <c>Failure</c>; the member is called status on the wire.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("status")]
    public string? Result { get; init; }

    public string? Message { get; init; }

    /// <summary>One of <see cref="StatusReason"/> or another string.</summary>
    public string? Reason { get; init; }

    public StatusDetails? Details { get; init; }

    public int? Code { get; init; }
}

/// <summary>metav1.StatusDetails.</summary>
public sealed record StatusDetails
{
    public string? Name { get; init; }

    public string? Group { get; init; }

    public string? Kind { get; init; }

    public string? Uid { get; init; }

    public IReadOnlyList<StatusCause>? Causes { get; init; }

    public int? RetryAfterSeconds { get; init; }
}

/// <summary>metav1.StatusCause: one field and what is wrong with it.</summary>
public sealed record StatusCause
{
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public string? Field { get; init; }
}

/// <summary>metav1.ListMeta.</summary>
public sealed record ListMeta
{
    public string? ResourceVersion { get; init; }

    public string? Continue { get; init; }

    public long? RemainingItemCount { get; init; }
}

/// <summary>metav1.StatusReason values that code looks at.</summary>
public static class StatusReason
{
    public const string NotFound = "NotFound";
    public const string AlreadyExists = "AlreadyExists";
    public const string Conflict = "Conflict";
    public const string Gone = "Gone";
    public const string Expired = "Expired";
    public const string Invalid = "Invalid";
    public const string BadRequest = "BadRequest";
    public const string Forbidden = "Forbidden";
    public const string Unauthorized = "Unauthorized";
    public const string TooManyRequests = "TooManyRequests";
    public const string ServiceUnavailable = "ServiceUnavailable";
    public const string ServerTimeout = "ServerTimeout";
    public const string Timeout = "Timeout";
    public const string InternalError = "InternalError";
    public const string MethodNotAllowed = "MethodNotAllowed";
}
