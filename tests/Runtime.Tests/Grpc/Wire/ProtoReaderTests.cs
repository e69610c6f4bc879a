using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Runtime.Grpc.Wire;

namespace Sluice.Runtime.Tests.Grpc.Wire;

public sealed class ProtoReaderTests
{
    [Fact]
    public void Every_number_reads_back_as_the_reference_writes_it() =>
        Prop.ForAll<ulong, int>((value, field) =>
        {
            var number = (int)((uint)field % 536870911) + 1;
            var reader = new ProtoReader(new ReferenceEncoder().Varint(number, value).ToArray());
            return reader.Next() && reader.Field == number && reader.Type == WireType.Varint
                && reader.Varint() == value && reader.AtEnd;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0UL)]
    [InlineData(127UL)]
    [InlineData(128UL)]
    [InlineData(16383UL)]
    [InlineData(16384UL)]
    [InlineData(uint.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void Numbers_at_the_edges_read_back(ulong value)
    {
        var reader = new ProtoReader(new ReferenceEncoder().Varint(1, value).ToArray());
        reader.Next().Should().BeTrue();
        reader.Varint().Should().Be(value);
    }

    [Fact]
    public void Fields_of_all_types_come_in_their_order()
    {
        var message = new ReferenceEncoder()
            .Text(1, "näme").Fixed32(2, 0xdeadbeef).Fixed64(300, 0x0123456789abcdef)
            .Message(4, new ReferenceEncoder().Varint(1, 300)).Bytes(5, [0, 255]).ToArray();
        var reader = new ProtoReader(message);
        reader.Next();
        Encoding.UTF8.GetString(reader.Text()).Should().Be("näme");
        reader.Next();
        reader.Fixed32().Should().Be(0xdeadbeef);
        reader.Next();
        (reader.Field, reader.Fixed64()).Should().Be((300, 0x0123456789abcdef));
        reader.Next();
        var nested = reader.Message();
        nested.Next();
        nested.Varint().Should().Be(300);
        nested.Next().Should().BeFalse();
        reader.Next();
        reader.Bytes().ToArray().Should().Equal(0, 255);
        reader.Next().Should().BeFalse();
    }

    [Fact]
    public void Skipping_passes_over_any_field()
    {
        var message = new ReferenceEncoder()
            .Text(9, "x").Fixed32(10, 1).Fixed64(11, 2).Varint(12, ulong.MaxValue).Varint(1, 7).ToArray();
        var reader = new ProtoReader(message);
        var found = 0UL;
        while (reader.Next())
        {
            if (reader.Field == 1)
                found = reader.Varint();
            else
                reader.Skip();
        }
        found.Should().Be(7);
    }

    public static TheoryData<byte[], string> Broken => new()
    {
        { [0x08], "cut off" },
        { [0x08, 0x80], "cut off" },
        { [0x80], "cut off" },
        { [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02], "more than 64 bits" },
        { [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], "more than 64 bits" },
        { [0x00, 0x01], "field number 0" },
        { [0x0b], "groups" },
        { [0x0c], "groups" },
        { [0x0e, 0x00], "unassigned" },
        { [0x0f, 0x00], "unassigned" },
        { [0xff, 0xff, 0xff, 0xff, 0x7f, 0x00], "beyond 536870911" },
        { [0x0a, 0x02, 0x61], "beyond the 1 bytes" },
        { [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], "beyond the 0 bytes" },
        { [0x0d, 0x00, 0x00, 0x00], "4 bytes are wanted and 3 are left" },
        { [0x09, 0x00], "8 bytes are wanted and 1 are left" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_is_broken_is_refused_with_its_place(byte[] message, string because) =>
        FluentActions.Invoking(() => SkipAll(message)).Should().Throw<ProtoException>()
            .WithMessage("The message is not valid protobuf: at byte *").Which.Message.Should().Contain(because);

    [Fact]
    public void A_string_that_is_not_utf8_is_refused() =>
        FluentActions.Invoking(() =>
        {
            var reader = new ProtoReader([0x0a, 0x02, 0xc3, 0x28]);
            reader.Next();
            _ = reader.Text().Length;
        }).Should().Throw<ProtoException>().WithMessage("*at byte 1*not valid UTF-8*");

    [Fact]
    public void A_nested_error_says_where_it_is_in_the_whole()
    {
        var message = new ReferenceEncoder().Text(1, "abc").Bytes(2, [0x08, 0x80]).ToArray();
        FluentActions.Invoking(() =>
        {
            var reader = new ProtoReader(message);
            reader.Next();
            reader.Skip();
            reader.Next();
            var nested = reader.Message();
            nested.Next();
            nested.Varint();
        }).Should().Throw<ProtoException>().WithMessage("*at byte 8*");
    }

    [Fact]
    public void A_known_field_of_another_type_is_named() =>
        FluentActions.Invoking(() =>
        {
            var reader = new ProtoReader([0x08, 0x01]);
            reader.Next();
            reader.Expect(WireType.Bytes, "model_name");
        }).Should().Throw<ProtoException>().WithMessage("Field model_name (1) comes as Varint, and is Bytes*");

    [Fact]
    public void Any_bytes_end_in_a_read_message_or_a_refusal() =>
        Prop.ForAll<byte[]>(message =>
        {
            try
            {
                SkipAll(message);
            }
            catch (ProtoException)
            {
                return true;
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Every_cut_of_a_message_is_read_up_to_a_field_or_refused()
    {
        var message = new ReferenceEncoder()
            .Text(1, "model").Message(5, new ReferenceEncoder().Text(1, "x").Packed(3, [1, 4])).Fixed64(9, 1).ToArray();
        for (var length = 0; length < message.Length; length++)
        {
            var cut = message[..length];
            // 7, 16 and 25 are where a field ends.
            if (length is 0 or 7 or 16)
                FluentActions.Invoking(() => SkipAll(cut)).Should().NotThrow();
            else
                FluentActions.Invoking(() => SkipAll(cut)).Should().Throw<ProtoException>();
        }
    }

    private static void SkipAll(byte[] message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
            reader.Skip();
    }
}
