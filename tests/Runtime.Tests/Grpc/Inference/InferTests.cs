using System.Text;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Runtime.Tests.Grpc.Wire;

namespace Sluice.Runtime.Tests.Grpc.Inference;

[Collection(GrpcCollection.Name)]
public sealed class InferTests(GrpcServer server)
{
    /// <summary>Datatype, field of the typed contents, typed and raw form of four elements.</summary>
    public static TheoryData<string, int, byte[], byte[]> Types => new()
    {
        { "FP32", 6, InferMessage.Bytes(1.5f, -2f, 0f, float.NaN), InferMessage.Bytes(1.5f, -2f, 0f, float.NaN) },
        { "FP64", 7, Doubles(1.5, -2, 1e300, 0), Doubles(1.5, -2, 1e300, 0) },
        { "INT8", 2, Varints(-128, 127, 0, -1), [0x80, 0x7f, 0, 0xff] },
        { "INT16", 2, Varints(-32768, 32767, 0, -1), [0, 0x80, 0xff, 0x7f, 0, 0, 0xff, 0xff] },
        { "INT32", 2, Varints(int.MinValue, int.MaxValue, 0, -1), Ints(int.MinValue, int.MaxValue, 0, -1) },
        { "INT64", 3, Varints(long.MinValue, long.MaxValue, 0, -1), InferMessage.Bytes(long.MinValue, long.MaxValue, 0, -1) },
        { "UINT8", 4, Varints(255, 0, 1, 128), [255, 0, 1, 128] },
        { "UINT16", 4, Varints(65535, 0, 1, 128), [255, 255, 0, 0, 1, 0, 128, 0] },
        { "UINT32", 4, Varints(uint.MaxValue, 0, 1, 128), Ints(-1, 0, 1, 128) },
        { "UINT64", 5, Varints(-1, 0, 1, 128), InferMessage.Bytes(-1, 0, 1, 128) },
        { "BOOL", 1, Varints(1, 0, 0, 1), [1, 0, 0, 1] },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Each_type_goes_in_and_out_typed_and_raw(string datatype, int field, byte[] packed, byte[] raw)
    {
        var typed = await server.Client.InferAsync(InferMessage.To(datatype)
            .Typed("x", datatype, [2, 2], new ReferenceEncoder().Bytes(field, packed)).ToArray());
        typed.Code.Should().Be(0, typed.Message);
        var output = typed.Fields.Messages(5).Should().ContainSingle().Subject;
        output.Text(1).Should().Be("y");
        output.Text(2).Should().Be(datatype);
        output.Packed(3).Should().Equal(2, 2);
        output.Message(5).Bytes(field).Should().Equal(packed);
        typed.Fields.Numbers.Should().NotContain(6);

        var answer = await server.Client.InferAsync(
            InferMessage.To(datatype).Input("x", datatype, 1, 4).Contents(raw).ToArray());
        answer.Code.Should().Be(0, answer.Message);
        answer.Fields.Messages(5)[0].Packed(3).Should().Equal(1, 4);
        answer.Fields.Messages(5)[0].Numbers.Should().NotContain(5);
        answer.Fields.AllBytes(6).Should().ContainSingle().Which.Should().Equal(raw);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Elements_may_come_one_by_one_and_in_several_packs(string datatype, int field, byte[] packed, byte[] raw)
    {
        var contents = new ReferenceEncoder();
        var at = 0;
        while (at < packed.Length / 2)
        {
            var size = field switch { 6 => 4, 7 => 8, _ => Array.FindIndex(packed, at, b => b < 128) + 1 - at };
            contents.Tag(field, field switch { 6 => 5, 7 => 1, _ => 0 }).Raw(packed[at..(at + size)]);
            at += size;
        }
        contents.Bytes(field, packed[at..]).Bytes(field, []);
        var answer = await server.Client.InferAsync(
            InferMessage.To(datatype).Typed("x", datatype, [4, 1], contents).ToArray());
        answer.Code.Should().Be(0, answer.Message);
        answer.Fields.Messages(5)[0].Message(5).Bytes(field).Should().Equal(packed);
        raw.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("FP16")]
    [InlineData("BF16")]
    public async Task Half_precision_goes_raw(string datatype)
    {
        byte[] raw = [0x80, 0x3f, 0, 0xc0, 0, 0];
        var answer = await server.Client.InferAsync(
            InferMessage.To(datatype).Input("x", datatype, 3, 1).Contents(raw).ToArray());
        answer.Code.Should().Be(0, answer.Message);
        answer.Fields.Messages(5)[0].Text(2).Should().Be(datatype);
        answer.Fields.AllBytes(6).Should().ContainSingle().Which.Should().Equal(raw);
    }

    [Fact]
    public async Task One_output_without_typed_contents_makes_the_whole_answer_raw()
    {
        var answer = await server.Client.InferAsync(
            InferMessage.To("half").Typed("x", "FP32", [2], InferMessage.Floats(1, -2)).ToArray());
        answer.Code.Should().Be(0, answer.Message);
        answer.Fields.Messages(5).Select(o => o.Text(2)).Should().Equal("BF16", "FP32");
        answer.Fields.AllBytes(6).Should().HaveCount(2);
        answer.Fields.AllBytes(6)[0].Should().Equal(0x80, 0x3f, 0, 0xc0);
        answer.Fields.AllBytes(6)[1].Should().Equal(InferMessage.Bytes(1.5f, 2.5f));
    }

    [Fact]
    public async Task Half_precision_has_no_typed_contents_and_the_message_says_what_to_do()
    {
        var answer = await server.Client.InferAsync(
            InferMessage.To("BF16").Typed("x", "BF16", [1, 1], InferMessage.Floats(1)).ToArray());
        answer.Code.Should().Be(3);
        answer.Message.Should().Be("Input \"x\" is BF16, which typed contents cannot carry: send raw_input_contents.");
    }

    [Fact]
    public async Task An_initializer_may_be_overridden_and_may_be_left_out()
    {
        var answer = await server.Client.InferAsync(
            InferMessage.To("half").Input("x", "FP32", 0).Input("f", "FP32", 2)
                .Contents([]).Contents(InferMessage.Bytes(7f, 8f)).Output("g").ToArray());
        answer.Fields.AllBytes(6).Should().ContainSingle().Which.Should().Equal(InferMessage.Bytes(7f, 8f));
    }

    [Fact]
    public async Task Strings_are_any_bytes_typed_and_raw()
    {
        byte[][] texts = [Encoding.UTF8.GetBytes("gölge"), [], [0, 1, 0], Encoding.UTF8.GetBytes("iyi")];
        var contents = new ReferenceEncoder();
        foreach (var text in texts)
            contents.Bytes(8, text);
        var typed = await server.Client.InferAsync(
            InferMessage.To("text").Typed("text", "BYTES", [4], contents).Output("echo").ToArray());
        typed.Code.Should().Be(0, typed.Message);
        typed.Fields.Messages(5)[0].Message(5).AllBytes(8).Should().BeEquivalentTo(texts, o => o.WithStrictOrdering());

        byte[] raw = [.. texts.SelectMany(t => (byte[])[.. BitConverter.GetBytes(t.Length), .. t])];
        var answer = await server.Client.InferAsync(
            InferMessage.To("text").Input("text", "BYTES", 4).Contents(raw).Output("echo").ToArray());
        answer.Fields.AllBytes(6).Should().ContainSingle().Which.Should().Equal(raw);
    }

    [Fact]
    public async Task A_batch_of_nothing_is_answered_with_nothing()
    {
        var answer = await server.Client.InferAsync(
            InferMessage.To("text").Typed("text", "BYTES", [0], new ReferenceEncoder()).ToArray());
        answer.Code.Should().Be(0, answer.Message);
        answer.Fields.Messages(5).Select(o => o.Packed(3)).Should().AllSatisfy(s => s.Should().Equal(0));
    }

    [Fact]
    public async Task A_scalar_has_no_shape()
    {
        var answer = await server.Client.InferAsync(LoopModel.Request(5));
        answer.Fields.Messages(5)[0].Packed(3).Should().BeEmpty();
        answer.Fields.AllBytes(6)[0].Should().Equal(InferMessage.Bytes(5f));
    }

    [Fact]
    public async Task Named_columns_go_in_and_a_classifiers_maps_come_out_as_a_tensor_with_its_keys()
    {
        var answer = await server.Client.InferAsync(Credit().ToArray());
        answer.Code.Should().Be(0, answer.Message);
        var scores = answer.Fields.Messages(5)[1];
        scores.Text(1).Should().Be("output_probability");
        scores.Text(2).Should().Be("FP32");
        scores.Packed(3).Should().Equal(3, 2);
        var keys = scores.Messages(4).Should().ContainSingle().Subject;
        (keys.Text(1), keys.Message(2).Text(3)).Should().Be(("keys", "[0,1]"));
        var values = scores.Message(5).Bytes(6);
        BitConverter.ToSingle(values, 4).Should().BeApproximately(0.99688792f, 1e-5f);
        BitConverter.ToSingle(values, 8).Should().BeApproximately(0.99997699f, 1e-5f);
    }

    [Fact]
    public async Task Classification_names_the_best_classes()
    {
        var wish = new ReferenceEncoder().Text(1, "classification").Message(2, new ReferenceEncoder().Varint(2, 1));
        var answer = await server.Client.InferAsync(Credit()
            .Message(6, new ReferenceEncoder().Text(1, "output_probability").Message(2, wish)).ToArray());
        var best = answer.Fields.Messages(5).Should().ContainSingle().Subject;
        best.Text(2).Should().Be("BYTES");
        best.Packed(3).Should().Equal(3, 1);
        best.Message(5).Texts(8).Select(t => t[(t.IndexOf(':') + 1)..]).Should().Equal("1:1", "0:0", "1:1");
    }

    [Fact]
    public async Task Id_parameters_and_version_come_back()
    {
        var parameter = new ReferenceEncoder().Text(1, "trace").Message(2, new ReferenceEncoder().Text(3, "äöü"));
        var other = new ReferenceEncoder().Text(1, "n").Message(2, new ReferenceEncoder().Fixed64(4, 7));
        var request = InferMessage.To("iris", "2").Text(3, "request-1").Message(4, parameter).Message(4, other)
            .Input("input", "FP32", 1, 4).Contents(InferMessage.Bytes(5.1f, 3.5f, 1.4f, 0.2f));
        var fields = (await server.Client.InferAsync(request.ToArray())).Fields;
        fields.Text(1).Should().Be("iris");
        fields.Text(2).Should().Be("2");
        fields.Text(3).Should().Be("request-1");
        fields.AllBytes(4).Should().BeEquivalentTo([parameter.ToArray(), other.ToArray()], o => o.WithStrictOrdering());
    }

    [Fact]
    public async Task Without_a_version_the_newest_answers_and_a_named_one_is_taken()
    {
        (await server.Client.InferAsync(InferMessage.Iris())).Fields.Text(2).Should().Be("2");
        var old = InferMessage.To("iris", "1").Typed("input", "FP32", [1, 4], InferMessage.Floats(5.1f, 3.5f, 1.4f, 0.2f));
        (await server.Client.InferAsync(old.ToArray())).Fields.Text(2).Should().Be("1");
    }

    [Fact]
    public async Task Only_the_outputs_asked_for_are_answered()
    {
        var request = InferMessage.To("iris")
            .Typed("input", "FP32", [1, 4], InferMessage.Floats(5.1f, 3.5f, 1.4f, 0.2f)).Output("probabilities");
        var fields = (await server.Client.InferAsync(request.ToArray())).Fields;
        fields.Messages(5).Select(o => o.Text(1)).Should().Equal("probabilities");
    }

    [Fact]
    public async Task Fields_may_come_in_any_order_and_unknown_ones_are_passed_over()
    {
        var input = new ReferenceEncoder().Varint(99, 1)
            .Message(5, InferMessage.Floats(5.1f, 3.5f)).Packed(3, [1])
            .Message(5, new ReferenceEncoder().Fixed32(6, BitConverter.SingleToUInt32Bits(1.4f)).Fixed32(6, BitConverter.SingleToUInt32Bits(0.2f)))
            .Varint(3, 4).Text(2, "FP32").Text(1, "input");
        var request = new ReferenceEncoder().Message(5, input).Text(1000, "?").Text(3, "x").Text(1, "iris").ToArray();
        var shuffled = await server.Client.InferAsync(request);
        var plain = await server.Client.InferAsync(InferMessage.Iris());
        shuffled.Code.Should().Be(0, shuffled.Message);
        shuffled.Fields.AllBytes(5).Should().BeEquivalentTo(plain.Fields.AllBytes(5), o => o.WithStrictOrdering());
    }

    private static ReferenceEncoder Credit()
    {
        var credit = new ReferenceEncoder().Text(8, "good").Text(8, "poor").Text(8, "fair");
        return InferMessage.To("credit")
            .Typed("credit_history", "BYTES", [3, 1], credit)
            .Typed("income", "FP32", [3, 1], InferMessage.Floats(50000, 18000, 90000))
            .Typed("age", "FP32", [3, 1], InferMessage.Floats(35, 22, 51))
            .Typed("loan_amount", "FP32", [3, 1], InferMessage.Floats(10000, 30000, 12000))
            .Typed("employment_years", "FP32", [3, 1], InferMessage.Floats(5, 0, 20));
    }

    private static byte[] Varints(params long[] values) =>
        [.. values.SelectMany(v => ReferenceEncoder.Number((ulong)v))];

    private static byte[] Ints(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Doubles(params double[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
