namespace Sluice.Contract;

/// <summary>HTTP headers (gRPC metadata keys) of the data plane; lower case, as HTTP/2 wants them.</summary>
public static class Headers
{
    /// <summary>In an answer: the revision that gave it. In a request: the revision that should.</summary>
    public const string Revision = "x-sluice-revision";

    /// <summary>Identifies one request in logs, payload events and feedback; echoed, made when absent.</summary>
    public const string RequestId = "x-request-id";

    /// <summary>
    /// In a request: the revision of the pod that passed it on. Such a request is answered where it arrives, never
    /// passed on again.
    /// </summary>
    public const string Forwarded = "x-sluice-forwarded";

    /// <summary>In an answer: some of its numbers are NaN or infinite. Absent when none is.</summary>
    public const string NotFinite = "x-sluice-not-finite";
}
