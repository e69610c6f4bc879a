using System.Net.Http.Headers;

namespace Sluice.Kubernetes.Client;

internal static class ContentTypes
{
    public static readonly MediaTypeHeaderValue Json = new("application/json");

    // JSON is YAML, so the body may stay JSON.
    public static readonly MediaTypeHeaderValue Apply = new("application/apply-patch+yaml");

    public static readonly MediaTypeHeaderValue MergePatch = new("application/merge-patch+json");
}
