using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Contract;
using Sluice.Runtime.Grpc.Framing;
using Sluice.Runtime.Grpc.Inference;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Grpc.Calls;

/// <summary>
/// One gRPC call, straight on the server's features: what came in the headers, the answer's headers and trailers. Kept
/// by the stream and used again for later calls of the same connection.
/// </summary>
internal sealed class GrpcExchange
{
    public const string ContentType = "application/grpc";

    private static readonly string Http2 = HttpProtocol.Http2;

    private IFeatureCollection features = null!;
    private IHttpRequestFeature request = null!;
    private IHttpResponseFeature response = null!;
    private string? requestId;

    /// <summary>The model that the last call of this stream named: clients repeat themselves.</summary>
    public ModelName LastModel { get; } = new();

    public Deadline Deadline { get; } = new();

    /// <summary>Set as soon as the call has found its model; for the metrics.</summary>
    public ServedModel? Model { get; set; }

    /// <summary>Measures and writes the answers to inference.</summary>
    public InferReply Reply { get; } = new();

    /// <summary>A place to put an answer together whose length is not known beforehand.</summary>
    public JsonBuffer Scratch { get; } = new();

    public IFeatureCollection Features => features;

    public string Path => request.Path;

    public string Method => request.Method;

    public bool IsHttp2 => string.Equals(request.Protocol, Http2, StringComparison.Ordinal);

    public IHeaderDictionary RequestHeaders => request.Headers;

    public PipeReader Body => features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;

    public PipeWriter Answer => features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;

    /// <summary>The client has reset the stream or closed the connection.</summary>
    public CancellationToken Aborted => Caller.RequestAborted;

    public IHttpRequestLifetimeFeature Caller => features.GetRequiredFeature<IHttpRequestLifetimeFeature>();

    /// <summary>The status that was answered; for the metrics.</summary>
    public GrpcCode Code { get; private set; }

    /// <summary>Whether the client's message came in gzip and it takes gzip: then the answer is compressed too.</summary>
    public bool AnswersGzip { get; set; }

    public void Attach(IFeatureCollection of)
    {
        features = of;
        request = of.GetRequiredFeature<IHttpRequestFeature>();
        response = of.GetRequiredFeature<IHttpResponseFeature>();
        requestId = null;
        Model = null;
        Code = GrpcCode.Ok;
        AnswersGzip = false;
    }

    /// <summary>Answers outside gRPC: what asks is no gRPC client, and would take status 200 for success.</summary>
    public void RefuseHttp(int status, string message)
    {
        response.StatusCode = status;
        response.Headers.ContentType = "text/plain; charset=utf-8";
        var text = System.Text.Encoding.UTF8.GetBytes(message + "\n");
        response.Headers.ContentLength = text.Length;
        Answer.WriteWhole(text);
    }

    /// <summary>The metadata that goes before every answer.</summary>
    public void Begin(string revision)
    {
        var headers = response.Headers;
        headers.ContentType = ContentType;
        headers.GrpcAcceptEncoding = Compression.Accepted;
        headers[Headers.RequestId] = RequestId;
        if (revision.Length > 0)
            headers[Headers.Revision] = revision;
    }

    public bool HasNotFinite => response.Headers.ContainsKey(Headers.NotFinite);

    /// <summary>Tells whoever passes the answer on; before it is sent.</summary>
    public void MarkNotFinite(ModelCall call)
    {
        if (NotFinite.IsIn(call))
            response.Headers[Headers.NotFinite] = "1";
    }

    public void SetEncoding(string coding) => response.Headers.GrpcEncoding = coding;

    public void Succeed()
    {
        Code = GrpcCode.Ok;
        Trailers().GrpcStatus = GrpcCode.Ok.Text();
    }

    /// <param name="retryAfter">Seconds after which to try again.</param>
    public void Fail(GrpcCode code, string message, int? retryAfter = null)
    {
        Code = code;
        // Nothing of an answer that was begun and not sent may go before the status.
        var trailers = response.HasStarted ? Trailers() : response.Headers;
        trailers.GrpcStatus = code.Text();
        trailers.GrpcMessage = GrpcMessageText.Encode(message);
        if (retryAfter is { } seconds)
            trailers["grpc-retry-pushback-ms"] = (seconds * 1000).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What nobody foresaw; the server's own word on it would be no gRPC.</summary>
    public void FailUnforeseen(ILogger logger, Exception error)
    {
        Log.RequestFailed(logger, Path, error);
        Fail(GrpcCode.Internal, "The server failed; its log says why.");
    }

    public string RequestId
    {
        get
        {
            if (requestId is not null)
                return requestId;
            var sent = request.Headers.TryGetValue(Headers.RequestId, out var values) ? values.ToString() : string.Empty;
            return requestId = RequestIds.IsAcceptable(sent) ? sent : RequestIds.Next();
        }
    }

    private IHeaderDictionary Trailers() => features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
}
