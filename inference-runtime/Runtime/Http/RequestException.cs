namespace Sluice.Runtime.Http;

/// <summary>A request cannot be answered as asked. The message is for the caller and names no path of this machine.</summary>
internal sealed class RequestException(int status, string message) : Exception(message)
{
    /// <summary>HTTP status code.</summary>
    public int Status { get; } = status;

    /// <summary>Methods that the path takes, for 405.</summary>
    public string? Allow { get; init; }

    /// <summary>Seconds after which to try again, for 503.</summary>
    public int? RetryAfter { get; init; }

    public static RequestException Bad(string message) => new(400, message);

    public static RequestException NotFound(string message) => new(404, message);
}
