namespace Sluice.Runtime.Tests.Hostile.Fuzzing;

/// <summary>Damages bytes: flips, cuts, repeats, swaps, and what parsers fear.</summary>
internal sealed class Mutation(int seed)
{
    private static readonly byte[][] Feared =
    [
        "-1"u8.ToArray(), "9223372036854775807"u8.ToArray(), "4611686018427387904"u8.ToArray(), "1e999"u8.ToArray(),
        "null"u8.ToArray(), "true"u8.ToArray(), "{}"u8.ToArray(), "[]"u8.ToArray(), "[[[["u8.ToArray(), "\""u8.ToArray(),
        "\\ud800"u8.ToArray(), "\\u0000"u8.ToArray(), [0xff, 0xfe], [0], "NaN"u8.ToArray(), "\"NaN\""u8.ToArray(),
        "\"name\":\"input\""u8.ToArray(), "\"binary_data_size\":2147483647"u8.ToArray(), "../../../etc/passwd"u8.ToArray(),
        "FP64"u8.ToArray(), "BYTES"u8.ToArray(), [0xff, 0xff, 0xff, 0xff], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
    ];

    private readonly Random random = new(seed);

    public int Next(int below) => random.Next(below);

    public byte[] Damage(byte[] whole)
    {
        var bytes = whole.ToList();
        for (var rounds = random.Next(2) == 0 ? 1 : 1 + random.Next(4); rounds > 0; rounds--)
            Once(bytes);
        return [.. bytes];
    }

    private void Once(List<byte> bytes)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 24), bytes.Count - at);
        switch (random.Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4 when length > 0:
                var part = bytes.GetRange(at, length);
                bytes.RemoveRange(at, length);
                bytes.InsertRange(random.Next(bytes.Count + 1), part);
                break;
            default:
                bytes.InsertRange(at, Feared[random.Next(Feared.Length)]);
                break;
        }
    }
}
