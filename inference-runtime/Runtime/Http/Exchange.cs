using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Sluice.Contract;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Http;

/// <summary>One request and its answer, straight on the server's features; kept by the connection and used again.</summary>
internal sealed class Exchange
{
    public const string JsonType = "application/json";

    private IFeatureCollection? features;
    private IHttpRequestFeature request = null!;
    private IHttpResponseFeature response = null!;
    private IHttpResponseBodyFeature answer = null!;
    private string? requestId;

    /// <summary>The route of the connection's last target: clients repeat themselves.</summary>
    public (string? Target, RestRoute Route) LastRoute { get; set; }

    public IFeatureCollection Features => features!;

    public string Method => request.Method;

    /// <summary>Path and query as sent.</summary>
    public string Target => request.RawTarget;

    public IHeaderDictionary RequestHeaders => request.Headers;

    public IHeaderDictionary ResponseHeaders => response.Headers;

    public PipeReader Body => features!.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;

    public IHttpRequestLifetimeFeature Caller => features!.GetRequiredFeature<IHttpRequestLifetimeFeature>();

    public CancellationToken Aborted => Caller.RequestAborted;

    public bool HasStarted => response.HasStarted;

    public int Status => response.StatusCode;

    public void Attach(IFeatureCollection of)
    {
        features = of;
        request = of.GetRequiredFeature<IHttpRequestFeature>();
        response = of.GetRequiredFeature<IHttpResponseFeature>();
        answer = of.GetRequiredFeature<IHttpResponseBodyFeature>();
        requestId = null;
    }

    /// <summary>Answers into what stands for the answer's body now; everything else stays as it is.</summary>
    public void TakeAnswerFrom(IFeatureCollection of) => answer = of.GetRequiredFeature<IHttpResponseBodyFeature>();

    /// <summary>The caller's request id, or one made now.</summary>
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

    public StringValues RequestHeader(string name) => request.Headers.TryGetValue(name, out var values) ? values : default;

    /// <summary>Sends a whole answer.</summary>
    public void Answer(int status, string contentType, ReadOnlySpan<byte> body)
    {
        Begin(status, contentType, body.Length);
        // Sends nothing yet: it turns the headers into bytes, after which the writer hands out the connection's memory.
        // It cannot fail to complete at once.
        _ = answer.StartAsync();
        if (string.Equals(request.Method, "HEAD", StringComparison.Ordinal))
            return;
        answer.Writer.WriteWhole(body);
    }

    /// <summary>Sends an answer whose JSON part is followed by raw bytes, which <paramref name="writeRest"/> writes.</summary>
    public ValueTask AnswerAsync(string contentType, ReadOnlySpan<byte> start, long restLength, Func<PipeWriter, ValueTask> writeRest)
    {
        Begin(200, contentType, start.Length + restLength);
        _ = answer.StartAsync();
        answer.Writer.WriteWhole(start);
        return writeRest(answer.Writer);
    }

    public void AnswerJson(int status, JsonBuffer json) => Answer(status, JsonType, json.Written);

    /// <summary>The caller is gone; only the metrics see the answer.</summary>
    public void CallerGone() => response.StatusCode = 499;

    public void AnswerError(RequestException error)
    {
        if (error.Allow is { } allow)
            response.Headers.Allow = allow;
        if (error.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        AnswerError(error.Status, error.Message);
    }

    public void AnswerError(int status, string message)
    {
        var json = new JsonBuffer();
        json.Raw("{\"error\":"u8);
        json.String(message);
        json.Byte((byte)'}');
        AnswerJson(status, json);
    }

    /// <summary>What nobody foresaw; the server's own word on it would be an empty answer.</summary>
    public void AnswerFailure(ILogger logger, Exception error)
    {
        Log.RequestFailed(logger, Target, error);
        if (!HasStarted)
            AnswerError(500, "The server failed; its log says why.");
    }

    /// <summary>Tells whoever passes the answer on; before it is sent.</summary>
    public void MarkNotFinite(ModelCall call)
    {
        if (NotFinite.IsIn(call))
            response.Headers[Headers.NotFinite] = "1";
    }

    private void Begin(int status, string contentType, long length)
    {
        response.StatusCode = status;
        response.Headers.ContentType = contentType;
        response.Headers.ContentLength = length;
        response.Headers[Headers.RequestId] = RequestId;
    }
}
