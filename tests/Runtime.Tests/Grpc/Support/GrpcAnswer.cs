using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;

namespace Sluice.Runtime.Tests.Grpc.Support;

/// <summary>What a server answered to one call, headers, messages and trailers apart.</summary>
internal sealed record GrpcAnswer(
    HttpStatusCode HttpStatus,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> Trailers,
    byte[] Body)
{
    /// <summary>Without messages the status is in the headers, and no trailers follow.</summary>
    public bool IsTrailersOnly => Headers.ContainsKey("grpc-status");

    public int Code => int.Parse(Status("grpc-status") ?? "-1", CultureInfo.InvariantCulture);

    public string Message => Uri.UnescapeDataString(Status("grpc-message") ?? string.Empty);

    /// <summary>The one message, inflated when it came compressed.</summary>
    public byte[] Payload
    {
        get
        {
            Body.Length.Should().BeGreaterThanOrEqualTo(5, "status {0}: {1}", Code, Message);
            BinaryPrimitives.ReadUInt32BigEndian(Body.AsSpan(1)).Should().Be((uint)(Body.Length - 5));
            return Body[0] == 0 ? Body[5..] : Inflate(Body[5..]);
        }
    }

    public bool IsCompressed => Body[0] == 1;

    public FieldTree Fields => FieldTree.Parse(Payload);

    private string? Status(string name) => Headers.GetValueOrDefault(name) ?? Trailers.GetValueOrDefault(name);

    private static byte[] Inflate(byte[] zipped)
    {
        using var gzip = new GZipStream(new MemoryStream(zipped), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
