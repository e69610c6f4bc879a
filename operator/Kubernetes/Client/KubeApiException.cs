using System.Globalization;
using System.Net;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Client;

/// <summary>The API server answered, and the answer was no. Transport failures are other exceptions.</summary>
public sealed class KubeApiException : Exception
{
    public KubeApiException(HttpStatusCode code, Status? status, TimeSpan? retryAfter, string request)
        : base(Describe(code, status, request))
    {
        Code = code;
        Status = status;
        Request = request;
        RetryAfter = retryAfter ?? Seconds(status?.Details?.RetryAfterSeconds);
    }

    public HttpStatusCode Code { get; }

    /// <summary>The server's own words, when it sent a metav1.Status.</summary>
    public Status? Status { get; }

    /// <summary>Verb and path, for messages.</summary>
    public string Request { get; }

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; }

    public string Reason => Status?.Reason ?? "";

    public IReadOnlyList<StatusCause> Causes => Status?.Details?.Causes ?? [];

    public bool IsNotFound => Code == HttpStatusCode.NotFound;

    /// <summary>A write lost against another one; not <see cref="IsAlreadyExists"/>, which has the same code.</summary>
    public bool IsConflict => Code == HttpStatusCode.Conflict && Reason != StatusReason.AlreadyExists;

    public bool IsAlreadyExists => Code == HttpStatusCode.Conflict && Reason == StatusReason.AlreadyExists;

    /// <summary>The resource version or continue token is too old: list again.</summary>
    public bool IsGone => Code == HttpStatusCode.Gone || Reason is StatusReason.Expired or StatusReason.Gone;

    public bool IsThrottled => Code is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        || Reason == StatusReason.TooManyRequests;

    public bool IsInvalid => Code is HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest;

    public bool IsForbidden => Code == HttpStatusCode.Forbidden;

    public bool IsUnauthorized => Code == HttpStatusCode.Unauthorized;

    private static string Describe(HttpStatusCode code, Status? status, string request)
    {
        var number = ((int)code).ToString(CultureInfo.InvariantCulture);
        var reason = string.IsNullOrEmpty(status?.Reason) ? code.ToString() : status.Reason;
        return string.IsNullOrEmpty(status?.Message)
            ? $"{request}: {number} {reason}"
            : $"{request}: {number} {reason}: {status.Message}";
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is > 0 ? TimeSpan.FromSeconds(seconds.Value) : null;
}
