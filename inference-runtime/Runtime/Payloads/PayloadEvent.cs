namespace Sluice.Runtime.Payloads;

/// <summary>One half of an exchange, as a CloudEvent says it.</summary>
/// <param name="Id">The same for a request and its answer.</param>
/// <param name="Type">See <see cref="PayloadTypes"/>.</param>
/// <param name="Model">The InferenceService, in a cluster.</param>
/// <param name="Revision">That answered.</param>
/// <param name="ContentType">Of the request, as KServe has it for the answer as well.</param>
/// <param name="Data">As it was sent, less what is never logged.</param>
/// <param name="Status">Of the answer: HTTP's, or gRPC's; null for a request.</param>
/// <param name="Metadata">Headers of the request that are told, a JSON object.</param>
internal sealed record PayloadEvent(
    string Id,
    string Type,
    string Model,
    string Revision,
    DateTimeOffset Time,
    string ContentType,
    ReadOnlyMemory<byte> Data,
    int? Status,
    string? Metadata)
{
    /// <summary>About what it holds in memory.</summary>
    public long Bytes => Data.Length + 512 + (Metadata?.Length ?? 0);
}

/// <summary>KServe's types of events.</summary>
internal static class PayloadTypes
{
    public const string Request = "org.kubeflow.serving.inference.request";
    public const string Response = "org.kubeflow.serving.inference.response";
}
