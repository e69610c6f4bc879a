using System.IO.Compression;

namespace Sluice.Runtime.Grpc.Framing;

/// <summary>Message compression by gzip, the one coding besides identity that this server takes and gives.</summary>
internal static class Compression
{
    public const string Gzip = "gzip";
    public const string Identity = "identity";

    /// <summary>For the header grpc-accept-encoding.</summary>
    public const string Accepted = "identity,gzip";

    /// <summary>Whether a list of codings, as in grpc-accept-encoding, has gzip.</summary>
    public static bool Has(ReadOnlySpan<char> codings)
    {
        foreach (var range in codings.Split(','))
        {
            if (codings[range].Trim().Equals(Gzip, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <returns>The compressed bytes.</returns>
    public static ReadOnlyMemory<byte> Deflate(ReadOnlySpan<byte> message)
    {
        using var zipped = new MemoryStream(message.Length / 2 + 64);
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(message);
        return zipped.GetBuffer().AsMemory(0, (int)zipped.Length);
    }
}
