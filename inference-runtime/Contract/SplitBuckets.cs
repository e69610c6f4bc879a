using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Contract;

/// <summary>
/// Where a request falls in a split. There are 10,000 buckets, 100 to each percent. The shares after the first take
/// them from 0 upwards in the document's order, and the first share has the rest: so while one candidate's percent
/// grows, its buckets only become more, and nobody who had it loses it.
/// </summary>
public static class SplitBuckets
{
    public const int Count = 10_000;
    public const int PerPercent = Count / 100;

    private const int OnStack = 512;

    /// <summary>
    /// The first eight bytes, as a big-endian unsigned number, of SHA-256(salt, a zero byte, value), both in UTF-8;
    /// modulo <see cref="Count"/>.
    /// </summary>
    public static int Of(string salt, string value)
    {
        var length = Encoding.UTF8.GetByteCount(salt) + 1 + Encoding.UTF8.GetByteCount(value);
        var bytes = length <= OnStack ? stackalloc byte[length] : new byte[length];
        var used = Encoding.UTF8.GetBytes(salt, bytes);
        bytes[used++] = 0;
        Encoding.UTF8.GetBytes(value, bytes[used..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % Count);
    }
}
