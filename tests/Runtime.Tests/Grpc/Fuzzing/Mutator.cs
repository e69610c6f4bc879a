using System.Buffers.Binary;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Runtime.Tests.Grpc.Wire;

namespace Sluice.Runtime.Tests.Grpc.Fuzzing;

/// <summary>Makes hostile requests out of good ones. The same seed makes the same requests.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[] Telling = [0, 1, 2, 7, 8, 10, 0x12, 0x1a, 0x22, 0x2a, 0x3a, 0x7f, 0x80, 0xfe, 0xff];

    private static readonly byte[][] Numbers =
    [
        [0xff, 0xff, 0xff, 0xff, 0x07], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x80, 0x80, 0x80, 0x08],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x80, 0x00], [0xff, 0xff, 0x7f],
    ];

    private static readonly (string, string)[][] HostileHeaders =
    [
        [("grpc-encoding", "gzip")], [("grpc-encoding", "br")], [("grpc-encoding", "")], [("grpc-timeout", "1n")],
        [("grpc-timeout", "-1S")], [("grpc-timeout", "999999999S")], [("grpc-accept-encoding", ",,,gzip,,")],
        [("x-request-id", new string('x', 4000))], [("content-type", "application/grpc+thrift")], [("content-type", "text/html")],
    ];

    private readonly Random random = new(seed);

    private readonly byte[][] seeds = Seeds();

    /// <returns>A path, a body and headers.</returns>
    public (string Path, byte[] Body, (string, string)[] Headers) Next()
    {
        var message = Pick(seeds);
        var rounds = random.Next(1, 6);
        for (var i = 0; i < rounds; i++)
            message = Mutate(message);
        var frame = GrpcClient.Frame(message);
        if (Chance(10))
            MutateFrame(ref frame);
        return (Path(), frame, Chance(8) ? Pick(HostileHeaders) : []);
    }

    private string Path() => random.Next(40) switch
    {
        0 => GrpcClient.Inference + "ModelMetadata",
        1 => GrpcClient.Inference + "ModelReady",
        2 => GrpcClient.Health + "Check",
        3 => GrpcClient.Inference + "ServerMetadata",
        4 => "/a" + new string('a', random.Next(200)) + "/%2f%c3",
        _ => GrpcClient.Inference + "ModelInfer",
    };

    private byte[] Mutate(byte[] from)
    {
        if (from.Length == 0)
            return [Pick(Telling)];
        var at = random.Next(from.Length);
        var to = at + random.Next(Math.Min(from.Length - at, 64) + 1);
        var copy = (byte[])from.Clone();
        switch (random.Next(11))
        {
            case 0: copy[at] ^= (byte)(1 << random.Next(8)); return copy;
            case 1: copy[at] = Pick(Telling); return copy;
            case 2: copy[at] = (byte)random.Next(256); return copy;
            case 3: return [.. from[..at], .. from[to..]];
            case 4: return [.. from[..to], .. from[at..]];
            case 5: return from[..at];
            case 6: return [.. from[..at], .. Pick(Numbers), .. from[(at + 1)..]];
            case 7: return [.. from[..at], .. Pick(seeds)[..random.Next(20)], .. from[at..]];
            case 8: return [.. from, .. Pick(seeds)];
            case 9: return Nest(from);
            default: return Shape(from);
        }
    }

    /// <summary>The message inside itself, many times, in a field that is read.</summary>
    private byte[] Nest(byte[] from)
    {
        var message = from.Length > 200 ? from[..200] : from;
        for (var depth = random.Next(100); depth > 0; depth--)
            message = new ReferenceEncoder().Bytes(random.Next(1, 9), message).ToArray();
        return message;
    }

    /// <summary>One more input whose sizes overflow when they are multiplied.</summary>
    private byte[] Shape(byte[] from) =>
    [
        .. from,
        .. new ReferenceEncoder().Message(5, InferMessage.Head(
            "input", "FP32", random.NextInt64(), 1L << random.Next(63), -random.NextInt64(5))).ToArray(),
    ];

    private void MutateFrame(ref byte[] frame)
    {
        switch (random.Next(5))
        {
            case 0: frame[0] = (byte)random.Next(256); break;
            case 1: BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)random.NextInt64(uint.MaxValue)); break;
            case 2: frame = frame[..random.Next(frame.Length)]; break;
            case 3: frame = [.. frame, .. frame]; break;
            default: frame[random.Next(5)] ^= 0x80; break;
        }
    }

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private static byte[][] Seeds()
    {
        var strings = new ReferenceEncoder().Text(8, "good").Text(8, "").Text(8, "ümit");
        var numbers = new ReferenceEncoder().Packed(2, [1, ulong.MaxValue, 127]);
        var wish = new ReferenceEncoder().Text(1, "classification").Message(2, new ReferenceEncoder().Varint(2, 2));
        return
        [
            InferMessage.Iris(),
            InferMessage.IrisRaw(),
            InferMessage.To("iris", "2").Text(3, "id").Message(4, wish).Input("input", "FP32", 2, 4)
                .Contents(new byte[32]).Output("label")
                .Message(6, new ReferenceEncoder().Text(1, "probabilities").Message(2, wish)).ToArray(),
            InferMessage.To("text").Typed("text", "BYTES", [3], strings).ToArray(),
            InferMessage.To("text").Input("text", "BYTES", 2).Contents([3, 0, 0, 0, 97, 0, 98, 0, 0, 0, 0]).ToArray(),
            InferMessage.To("INT8").Typed("x", "INT8", [3, 1], numbers).ToArray(),
            InferMessage.To("BOOL").Input("x", "BOOL", 1, 4).Contents([1, 0, 0, 1]).ToArray(),
            InferMessage.To("BF16").Input("x", "BF16", 1, 2).Contents([0, 0, 1, 1]).ToArray(),
            InferMessage.To("credit").Typed("income", "FP32", [1, 1], InferMessage.Floats(1))
                .Typed("age", "FP32", [1, 1], InferMessage.Floats(2)).Typed("loan_amount", "FP32", [1, 1], InferMessage.Floats(3))
                .Typed("employment_years", "FP32", [1, 1], InferMessage.Floats(4))
                .Typed("credit_history", "BYTES", [1, 1], new ReferenceEncoder().Text(8, "fair")).ToArray(),
        ];
    }
}
