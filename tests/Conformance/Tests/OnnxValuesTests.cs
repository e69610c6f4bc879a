using Sluice.Conformance.Corpus;
using Sluice.Conformance.Values;
using Sluice.Onnx;

namespace Sluice.Conformance.Tests;

public sealed class OnnxValuesTests
{
    static readonly TensorType Floats = new(ElementType.Float, null);

    [Fact]
    public void Raw_and_typed_data_read_the_same()
    {
        var raw = new ProtoMessage().Packed(1, [2]).Varint(2, 1).Bytes(9, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
        var typed = new ProtoMessage().Varint(1, 2).Varint(2, 1).Bytes(4, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);

        foreach (var message in new[] { raw, typed })
        {
            var tensor = (Tensor)OnnxValues.Read(message.ToArray(), Floats);
            tensor.ToString().Should().Be("Float [2]");
            Elements.Floating(tensor, 0).Should().Be(1);
            Elements.Floating(tensor, 1).Should().Be(-2);
        }
    }

    [Fact]
    public void Small_types_are_kept_in_whole_numbers()
    {
        var message = new ProtoMessage().Varint(1, 3).Varint(2, 3).Packed(5, [1, unchecked((ulong)-2L), 127]);

        var tensor = (Tensor)OnnxValues.Read(message.ToArray(), new TensorType(ElementType.Int8, null));

        tensor.Bytes.Should().Equal(1, 0xfe, 127);
        Elements.Whole(tensor, 1).Should().Be(-2);
    }

    [Fact]
    public void Strings_are_bytes()
    {
        var message = new ProtoMessage().Varint(1, 2).Varint(2, 8).Bytes(6, [0, 0xff]).Text(6, "é");

        var tensor = (Tensor)OnnxValues.Read(message.ToArray(), new TensorType(ElementType.String, null));

        tensor.Strings[0].Should().Equal(0, 0xff);
        Elements.Show(tensor, 1).Should().Be("\"é\"");
    }

    [Fact]
    public void Sequences_and_optionals_hold_what_their_declaration_says()
    {
        var one = new ProtoMessage().Varint(2, 1).Bytes(9, [0, 0, 0x80, 0x3f]);
        var sequence = new ProtoMessage().Varint(2, 1).Message(3, one).Message(3, one);

        ((Sequence)OnnxValues.Read(sequence.ToArray(), new SequenceType(Floats))).Items.Should().HaveCount(2);
        OnnxValues.Read(new ProtoMessage().Message(3, one).ToArray(), new OptionalType(Floats)).Should().BeOfType<Tensor>();
        OnnxValues.Read(new ProtoMessage().Varint(2, 1).ToArray(), new OptionalType(Floats)).Should().BeOfType<Absent>();
        var nested = (Sequence)OnnxValues.Read(
            new ProtoMessage().Message(5, sequence).ToArray(), new OptionalType(new SequenceType(Floats)));
        nested.Items.Should().AllBeOfType<Tensor>();
    }

    [Fact]
    public void A_file_that_holds_less_than_its_shape_is_not_taken()
    {
        var message = new ProtoMessage().Varint(1, 3).Varint(2, 1).Bytes(9, [0, 0, 0, 0]).ToArray();

        var reading = () => OnnxValues.Read(message, Floats);

        reading.Should().Throw<InvalidDataException>().Which.Message.Should().Contain("1 elements for Float [3]");
    }
}
