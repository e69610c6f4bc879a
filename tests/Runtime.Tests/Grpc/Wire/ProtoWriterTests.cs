using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Runtime.Grpc.Wire;

namespace Sluice.Runtime.Tests.Grpc.Wire;

public sealed class ProtoWriterTests
{
    [Fact]
    public void Numbers_are_written_and_measured_as_the_reference_does() =>
        Prop.ForAll<ulong, byte>((value, shift) =>
        {
            var small = value >> (shift % 64);
            var output = new ArrayBufferWriter<byte>();
            var writer = new ProtoWriter(output);
            writer.Varint(small);
            writer.Flush();
            var wanted = ReferenceEncoder.Number(small);
            return output.WrittenSpan.SequenceEqual(wanted) && ProtoSize.Varint(small) == wanted.Length;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Every_power_of_two_and_its_neighbours_are_measured_rightly()
    {
        for (var bit = 0; bit < 64; bit++)
        {
            foreach (var value in new[] { (1UL << bit) - 1, 1UL << bit, (1UL << bit) + 1 })
                ProtoSize.Varint(value).Should().Be(ReferenceEncoder.Number(value).Length);
        }
    }

    [Fact]
    public void A_message_is_written_as_the_reference_does()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(output);
        writer.Text(1, "iris"u8);
        writer.Text(2, ""u8);
        writer.Bool(3, true);
        writer.Bool(4, false);
        writer.Packed(5, [1, -1, 4096]);
        writer.Packed(6, []);
        writer.Bytes(7, [0, 1]);
        writer.Flush();
        output.WrittenSpan.ToArray().Should().Equal(new ReferenceEncoder()
            .Text(1, "iris").Varint(3, 1).Packed(5, [1, ulong.MaxValue, 4096]).Bytes(7, [0, 1]).ToArray());
    }

    [Fact]
    public void Long_values_cross_the_pieces_that_the_output_gives() =>
        Prop.ForAll<byte[], PositiveInt>((seed, size) =>
        {
            var value = new byte[size.Get * 37 % 5000];
            for (var i = 0; i < value.Length; i++)
                value[i] = seed.Length == 0 ? (byte)i : (byte)(seed[i % seed.Length] + i);
            var output = new SmallPieces(600);
            var writer = new ProtoWriter(output);
            writer.Bytes(1, value);
            writer.Bytes(2, value);
            writer.Flush();
            return output.Written.SequenceEqual(new ReferenceEncoder().Bytes(1, value).Bytes(2, value).ToArray());
        }).QuickCheckThrowOnFailure();

    /// <summary>Gives no more than it is asked for or a fixed size, whichever is more, as a pipe of small blocks does.</summary>
    private sealed class SmallPieces(int size) : IBufferWriter<byte>
    {
        private byte[] piece = [];

        public List<byte> Written { get; } = [];

        public void Advance(int count) => Written.AddRange(piece.Take(count));

        public Memory<byte> GetMemory(int sizeHint = 0) => piece = new byte[Math.Max(sizeHint, size)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
