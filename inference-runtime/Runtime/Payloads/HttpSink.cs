using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Sluice.Runtime.Payloads;

/// <summary>
/// Posts events over pooled connections: one in CloudEvents' binary mode, as KServe's logger does, several as a JSON batch.
/// </summary>
internal sealed class HttpSink(Uri to) : IPayloadSink
{
    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        // A Service deals out connections; without an end they would all stay with the pod that was there first.
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    });

    public int Senders => 4;

    public async Task<Delivery> SendAsync(IReadOnlyList<PayloadEvent> events, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, to) { Content = events.Count == 1 ? Single(events[0]) : Batch(events) };
        if (events.Count == 1)
            Describe(events[0], request.Headers);
        try
        {
            using var response = await client.SendAsync(request, cancellation);
            return response.StatusCode switch
            {
                < HttpStatusCode.MultipleChoices => Delivery.Done,
                HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => Delivery.Failed,
                _ => Delivery.Refused,
            };
        }
        catch (HttpRequestException)
        {
            return Delivery.Failed;
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Describe(PayloadEvent of, HttpRequestHeaders headers)
    {
        headers.Add("ce-specversion", "1.0");
        headers.Add("ce-id", of.Id);
        headers.Add("ce-type", of.Type);
        headers.Add("ce-source", CloudEventJson.Source(of));
        headers.Add("ce-time", CloudEventJson.Time(of));
        headers.Add("ce-inferenceservicename", Uri.EscapeDataString(of.Model));
        headers.Add("ce-component", "predictor");
        if (of.Revision.Length > 0)
            headers.Add("ce-endpoint", Uri.EscapeDataString(of.Revision));
        if (of.Status is { } status)
            headers.Add("ce-status", status.ToString(CultureInfo.InvariantCulture));
        if (of.Metadata is { } metadata)
            headers.TryAddWithoutValidation("ce-metadata", metadata);
    }

    private static ReadOnlyMemoryContent Single(PayloadEvent of)
    {
        var content = new ReadOnlyMemoryContent(of.Data);
        content.Headers.TryAddWithoutValidation("Content-Type", of.ContentType);
        return content;
    }

    private static ReadOnlyMemoryContent Batch(IReadOnlyList<PayloadEvent> events)
    {
        var json = new ArrayBufferWriter<byte>();
        for (var i = 0; i < events.Count; i++)
        {
            json.Write(i == 0 ? "["u8 : ","u8);
            CloudEventJson.Write(events[i], json);
        }
        json.Write("]"u8);
        return new ReadOnlyMemoryContent(json.WrittenMemory)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/cloudevents-batch+json") },
        };
    }
}
