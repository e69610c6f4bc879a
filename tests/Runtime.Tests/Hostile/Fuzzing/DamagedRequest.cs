using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using Sluice.Runtime.Tests.Protocols;

namespace Sluice.Runtime.Tests.Hostile.Fuzzing;

/// <summary>One good request of each kind, damaged.</summary>
internal sealed record DamagedRequest(string Path, byte[] Body, bool IsChunked, string? Encoding, string? HeaderLength)
{
    private const string Header = "Inference-Header-Content-Length";

    private static readonly (string Path, byte[] Body)[] Json =
    [
        ("/v2/models/credit/infer", Bytes(V2Tests.CreditRequest)),
        ("/v2/models/text/infer", Bytes("""{"id":"a","inputs":[{"name":"text","shape":[2],"datatype":"BYTES","data":["iyi","k\u00f6t\u00fc"]}],"outputs":[{"name":"sentiment","parameters":{"classification":1}}]}""")),
        ("/v2/models/iris/infer", Bytes("""{"parameters":{"binary_data_output":true},"inputs":[{"name":"input","shape":[2,4],"datatype":"FP32","data":[[5.1,3.5,1.4,"NaN"],[6.3,3.3,6e0,-2.5]]}]}""")),
        ("/v1/models/credit:predict", Bytes("""{"instances":[{"income":50000,"age":35,"loan_amount":10000,"employment_years":5,"credit_history":"good"}]}""")),
        ("/v1/models/iris:predict", Bytes("""{"inputs":{"input":[[5.1,3.5,1.4,0.2],[1,2,3,4]]}}""")),
        ("/v2/models/BOOL/infer", Bytes("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"BOOL","data":[true,false,1]}]}""")),
    ];

    private static readonly (string Path, byte[] Json, byte[] Raw)[] Binary =
    [
        ("/v2/models/iris/infer", Bytes("""{"outputs":[{"name":"label","parameters":{"binary_data":true}}],"inputs":[{"name":"input","shape":[2,4],"datatype":"FP32","parameters":{"binary_data_size":32}}]}"""), new byte[32]),
        ("/v2/models/text/infer", Bytes("""{"inputs":[{"name":"text","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":11}}]}"""), [3, 0, 0, 0, 97, 98, 99, 0, 0, 0, 0]),
        ("/v2/models/BOOL/infer", Bytes("""{"inputs":[{"name":"x","shape":[1,4],"datatype":"BOOL","parameters":{"binary_data_size":4}}]}"""), [0, 1, 1, 0]),
        ("/v2/models/iris/infer", [], new byte[32]),
    ];

    /// <param name="number">Which of the requests that the seed gives.</param>
    public static DamagedRequest Make(int number)
    {
        var mutation = new Mutation(unchecked((FuzzSeed.Value * 1_000_003) + number));
        var isChunked = mutation.Next(4) == 0;
        var (path, body, length) = number % 2 == 0 ? OfJson(mutation) : OfBinary(mutation);
        var encoding = mutation.Next(10) == 0 ? "gzip" : null;
        if (encoding is not null)
            body = mutation.Next(2) == 0 ? Pack(body) : mutation.Damage(Pack(body));
        return new DamagedRequest(path, body, isChunked, encoding, length);
    }

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(Body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(HeaderLength is null ? "application/json" : "application/octet-stream");
        message.Headers.TransferEncodingChunked = IsChunked;
        if (Encoding is not null)
            message.Content.Headers.ContentEncoding.Add(Encoding);
        if (HeaderLength is not null)
            message.Headers.Add(Header, HeaderLength);
        return message;
    }

    public override string ToString() =>
        $"{Path} {(IsChunked ? "chunked " : "")}{Encoding} {Header}: {HeaderLength}; body {Convert.ToHexString(Body)}";

    private static (string Path, byte[] Body, string? Length) OfJson(Mutation mutation)
    {
        var (path, body) = Json[mutation.Next(Json.Length)];
        return (path, mutation.Damage(body), null);
    }

    private static (string Path, byte[] Body, string? Length) OfBinary(Mutation mutation)
    {
        var (path, json, raw) = Binary[mutation.Next(Binary.Length)];
        if (mutation.Next(3) > 0)
            json = mutation.Damage(json);
        if (mutation.Next(3) > 0)
            raw = mutation.Damage(raw);
        var length = mutation.Next(8) switch
        {
            0 => mutation.Next(json.Length + raw.Length + 10).ToString(CultureInfo.InvariantCulture),
            1 when mutation.Next(10) == 0 => "99999999999999999999",
            1 when mutation.Next(10) == 0 => "-1",
            _ => json.Length.ToString(CultureInfo.InvariantCulture),
        };
        return (path, [.. json, .. raw], length);
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(plain);
        return packed.ToArray();
    }
}
