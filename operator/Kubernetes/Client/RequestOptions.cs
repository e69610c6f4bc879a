namespace Sluice.Kubernetes.Client;

/// <summary>What handlers of the pipeline need to know of a request.</summary>
internal static class RequestOptions
{
    public static readonly HttpRequestOptionsKey<string> Verb = new("sluice.verb");

    /// <summary>The body is read by the caller as it comes, so neither buffered nor bounded in time.</summary>
    public static readonly HttpRequestOptionsKey<bool> Streamed = new("sluice.streamed");

    /// <summary>Sending it twice has the effect of sending it once.</summary>
    public static readonly HttpRequestOptionsKey<bool> Repeatable = new("sluice.repeatable");

    public static readonly HttpRequestOptionsKey<int> Attempts = new("sluice.attempts");

    public static bool Is(HttpRequestMessage request, HttpRequestOptionsKey<bool> key) =>
        request.Options.TryGetValue(key, out var value) && value;

    public static bool WasRepeated(HttpRequestMessage request) =>
        request.Options.TryGetValue(Attempts, out var attempts) && attempts > 1;

    public static string VerbOf(HttpRequestMessage request) =>
        request.Options.TryGetValue(Verb, out var verb) ? verb : "raw";
}
