using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Runtime.Grpc;
using Sluice.Runtime.Grpc.Framing;
using Sluice.Runtime.Http;
using Sluice.Runtime.Tests.Grpc.Support;

namespace Sluice.Runtime.Tests.Grpc.Framing;

public sealed class RequestMessageTests
{
    private const long Limit = 100_000;

    [Fact]
    public void A_frame_holds_its_message() =>
        Prop.ForAll<byte[]>(message => Open(GrpcClient.Frame(message)).SequenceEqual(message)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_gzip_frame_holds_its_message() =>
        Prop.ForAll<byte[], byte>((seed, times) =>
        {
            var message = Enumerable.Repeat(seed, times).SelectMany(b => b).Take((int)Limit).ToArray();
            return Open(GrpcClient.Frame(Gzip(message), flag: 1), gzip: true).SequenceEqual(message);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_message_in_a_gzip_call_may_be_uncompressed() =>
        Open(GrpcClient.Frame([1, 2, 3]), gzip: true).Should().Equal(1, 2, 3);

    [Fact]
    public void Exactly_the_limit_is_taken_compressed_or_not()
    {
        var message = new byte[Limit];
        Open(GrpcClient.Frame(message)).Length.Should().Be(message.Length);
        Open(GrpcClient.Frame(Gzip(message), flag: 1), gzip: true).Length.Should().Be(message.Length);
    }

    [Theory]
    [InlineData(new byte[0], "The body has 0 bytes*")]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "The body has 4 bytes*")]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 1 }, "*announced with 2 bytes and ends after 1*")]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 1, 9 }, "After the message of 1 bytes come 1 more*")]
    [InlineData(new byte[] { 2, 0, 0, 0, 1, 1 }, "*compressed-flag is 2*")]
    public void What_is_not_one_message_is_an_invalid_argument(byte[] body, string because) =>
        FluentActions.Invoking(() => Open(body)).Should().Throw<GrpcException>().WithMessage(because)
            .Which.Code.Should().Be(GrpcCode.InvalidArgument);

    [Fact]
    public void A_length_beyond_the_limit_is_refused_before_its_bytes_are_there() =>
        FluentActions.Invoking(() => Open([0, 0xff, 0xff, 0xff, 0xff])).Should().Throw<GrpcException>()
            .Which.Code.Should().Be(GrpcCode.ResourceExhausted);

    [Fact]
    public void A_compressed_message_without_a_coding_is_an_internal_error_as_the_specification_has_it() =>
        FluentActions.Invoking(() => Open(GrpcClient.Frame(Gzip([1]), flag: 1))).Should().Throw<GrpcException>()
            .Which.Code.Should().Be(GrpcCode.Internal);

    [Fact]
    public void A_bomb_is_stopped_at_the_limit() =>
        FluentActions.Invoking(() => Open(GrpcClient.Frame(Gzip(new byte[50_000_000]), flag: 1), gzip: true))
            .Should().Throw<GrpcException>().Which.Code.Should().Be(GrpcCode.ResourceExhausted);

    [Fact]
    public void Damaged_gzip_is_an_invalid_argument()
    {
        var whole = Gzip([.. Enumerable.Range(0, 1000).Select(i => (byte)(i * i))]);
        foreach (var broken in (byte[][])[[1, 2, 3, 4], whole[..^9], [.. whole[..20], .. new byte[whole.Length - 20]]])
        {
            FluentActions.Invoking(() => Open(GrpcClient.Frame(broken, flag: 1), gzip: true))
                .Should().Throw<GrpcException>().Which.Code.Should().Be(GrpcCode.InvalidArgument);
        }
    }

    /// <summary>Nothing else unpacks, so there is nothing to wait for.</summary>
    private static byte[] Open(byte[] body, bool gzip = false)
    {
        var reader = PipeReader.Create(new ReadOnlySequence<byte>(body));
        var read = RequestBody.ReadAsync(reader, body.Length, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        using var message = RequestMessage.OpenAsync(read, gzip, Limit, new Unpacking(Limit), CancellationToken.None)
            .AsTask().GetAwaiter().GetResult();
        return message.Memory.ToArray();
    }

    private static byte[] Gzip(byte[] message)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
            gzip.Write(message);
        return zipped.ToArray();
    }
}
