using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Runtime.Tests.Grpc.Wire;

namespace Sluice.Runtime.Tests.Grpc.Inference;

/// <summary>What does not fit is refused with a status and a message that says what, where and what is wanted.</summary>
[Collection(GrpcCollection.Name)]
public sealed class RefusalTests(GrpcServer server)
{
    private const int InvalidArgument = 3, NotFound = 5;

    private static readonly byte[] Row = InferMessage.Bytes(5.1f, 3.5f, 1.4f, 0.2f);

    [Fact]
    public Task An_unknown_model_is_not_found() =>
        Refused(InferMessage.To("none"), NotFound, "Model \"none\" does not exist.");

    [Fact]
    public Task A_request_names_its_model() =>
        Refused(new ReferenceEncoder().Text(3, "id"), InvalidArgument, "\"model_name\" is missing.");

    [Fact]
    public Task An_unknown_version_is_not_found() =>
        Refused(InferMessage.To("iris", "7"), NotFound, "Model \"iris\" has no version \"7\".");

    [Fact]
    public Task A_name_that_climbs_out_of_a_folder_is_only_an_unknown_name() =>
        Refused(InferMessage.To("../../etc/passwd"), NotFound, "Model \"../../etc/passwd\" does not exist.");

    [Fact]
    public Task A_missing_input_is_named() =>
        Refused(InferMessage.To("iris"), InvalidArgument, "Input \"input\" is missing; the model wants FP32 [batch, 4].");

    [Fact]
    public Task An_unknown_input_is_told_what_the_model_has() =>
        Refused(
            InferMessage.To("iris").Input("x", "FP32", 1, 4).Contents(Row),
            InvalidArgument,
            "Input \"x\" is unknown; model \"iris\" wants \"input\" FP32 [batch, 4].");

    [Fact]
    public Task An_input_without_a_name_is_refused() =>
        Refused(InferMessage.To("iris").Input("", "FP32", 1, 4).Contents(Row), InvalidArgument, "One of \"inputs\" has no \"name\".");

    [Fact]
    public Task An_input_that_is_there_twice_is_refused() =>
        Refused(
            InferMessage.To("iris").Input("input", "FP32", 1, 4).Input("input", "FP32", 1, 4).Contents(Row).Contents(Row),
            InvalidArgument,
            "Input \"input\" is there twice.");

    [Fact]
    public Task An_unknown_output_is_told_what_the_model_gives() =>
        Refused(
            InferMessage.To("iris").Input("input", "FP32", 1, 4).Contents(Row).Output("y"),
            InvalidArgument,
            "Output \"y\" is unknown; model \"iris\" gives label, probabilities.");

    [Theory]
    [InlineData("", "Input \"input\" has no \"datatype\"; the model wants FP32.")]
    [InlineData("FP64", "Input \"input\" is sent as FP64; the model wants FP32.")]
    [InlineData("FLOAT", "Datatype \"FLOAT\" is unknown; the protocol has BOOL*")]
    public Task A_datatype_that_is_not_the_models_is_refused(string datatype, string because) =>
        Refused(InferMessage.To("iris").Input("input", datatype, 1, 4).Contents(Row), InvalidArgument, because);

    [Theory]
    [InlineData(new long[] { 1, 3 }, "Input \"input\" has 16 raw bytes; FP32 [1, 3] needs 12.")]
    [InlineData(new long[] { 2, 2 }, "Input \"input\" has shape [2, 2]; the model wants FP32 [batch, 4].")]
    [InlineData(new long[] { 4 }, "Input \"input\" has shape [4]; the model wants FP32 [batch, 4].")]
    [InlineData(new long[] { -1, 4 }, "Input \"input\": \"shape\" holds -1; sizes are whole numbers from 0.")]
    [InlineData(new[] { long.MaxValue, long.MaxValue }, "Input \"input\": its shape has more elements than can be counted.")]
    [InlineData(new[] { 1L << 32, 1L << 31 }, "Input \"input\": its shape has more elements than can be counted.")]
    [InlineData(new[] { 1L << 50, 4 }, "Input \"input\" has 16 raw bytes; FP32 [1125899906842624, 4] needs 18014398509481984.")]
    public Task A_shape_that_does_not_fit_is_refused(long[] shape, string because) =>
        Refused(InferMessage.To("iris").Input("input", "FP32", shape).Contents(Row), InvalidArgument, because);

    [Fact]
    public Task A_shape_of_too_many_dimensions_is_refused() =>
        Refused(
            InferMessage.To("iris").Input("input", "FP32", [.. Enumerable.Repeat(1L, 33)]).Contents(Row),
            InvalidArgument,
            "Input \"input\": \"shape\" has more than 32 dimensions.");

    [Fact]
    public Task Raw_contents_must_be_as_many_as_the_inputs() =>
        Refused(
            InferMessage.To("iris").Input("input", "FP32", 1, 4).Contents(Row).Contents(Row),
            InvalidArgument,
            "There are 1 inputs and 2 raw_input_contents; each input has its own, in the same order.");

    [Fact]
    public Task Raw_and_typed_contents_do_not_mix() =>
        Refused(
            InferMessage.To("iris").Typed("input", "FP32", [1, 4], InferMessage.Floats(1, 2, 3, 4)).Contents(Row),
            InvalidArgument,
            "Input \"input\" has contents although the request has raw_input_contents; send one or the other.");

    [Fact]
    public Task Typed_contents_must_be_as_many_as_the_shape_says() =>
        Refused(
            InferMessage.To("iris").Typed("input", "FP32", [1, 4], InferMessage.Floats(1, 2, 3)),
            InvalidArgument,
            "Input \"input\" has 3 elements; its shape [1, 4] needs 4.");

    [Fact]
    public Task Typed_contents_in_the_wrong_field_are_told_the_right_one() =>
        Refused(
            InferMessage.To("iris").Typed("input", "FP32", [1, 4], new ReferenceEncoder().Bytes(7, new byte[32])),
            InvalidArgument,
            "Input \"input\" is FP32 and has fp64_contents; it goes into fp32_contents.");

    [Theory]
    [InlineData("INT8", 2, 128, "128")]
    [InlineData("INT8", 2, -129, "-129")]
    [InlineData("INT16", 2, 32768, "32768")]
    [InlineData("INT32", 2, 2147483648, "2147483648")]
    [InlineData("UINT8", 4, 256, "256")]
    [InlineData("UINT16", 4, -1, "18446744073709551615")]
    [InlineData("UINT32", 4, 4294967296, "4294967296")]
    public Task An_element_beyond_its_type_is_named(string datatype, int field, long value, string text) =>
        Refused(
            InferMessage.To(datatype).Typed("x", datatype, [1, 2], new ReferenceEncoder().Packed(field, [0, (ulong)value])),
            InvalidArgument,
            $"Input \"x\" wants {datatype}; element 1 is {text}.");

    [Fact]
    public Task A_bool_that_is_neither_0_nor_1_is_refused_raw() =>
        Refused(
            InferMessage.To("BOOL").Input("x", "BOOL", 1, 3).Contents([1, 0, 7]),
            InvalidArgument,
            "Input \"x\" wants BOOL; element 2 is the byte 7, not 0 or 1.");

    [Theory]
    [InlineData(new byte[] { 1, 0, 0 }, "Input \"text\" ends inside the length of element 0.")]
    [InlineData(new byte[] { 2, 0, 0, 0, 65 }, "Input \"text\" ends inside element 0, which should have 2 bytes.")]
    [InlineData(new byte[] { 255, 255, 255, 255 }, "Input \"text\" ends inside element 0, which should have 4294967295 bytes.")]
    [InlineData(new byte[] { }, "Input \"text\" has 0 elements; its shape [1] needs 1.")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "Input \"text\" has more than the 1 elements of its shape [1].")]
    public Task Raw_strings_must_be_whole_and_as_many_as_the_shape_says(byte[] raw, string because) =>
        Refused(InferMessage.To("text").Input("text", "BYTES", 1).Contents(raw), InvalidArgument, because);

    [Fact]
    public Task A_classification_of_no_classes_is_refused()
    {
        var wish = new ReferenceEncoder().Text(1, "classification").Message(2, new ReferenceEncoder().Varint(2, 0));
        return Refused(
            InferMessage.To("iris").Input("input", "FP32", 1, 4).Contents(Row)
                .Message(6, new ReferenceEncoder().Text(1, "probabilities").Message(2, wish)),
            InvalidArgument,
            "The parameter \"classification\" must be an int64_param from 1 to 1000000.");
    }

    [Fact]
    public Task A_timeout_that_is_no_number_is_refused()
    {
        var timeout = new ReferenceEncoder().Text(1, "timeout").Message(2, new ReferenceEncoder().Text(3, "1s"));
        return Refused(
            InferMessage.To("iris").Message(4, timeout),
            InvalidArgument,
            "The parameter \"timeout\" must be an int64_param from 1 to 86400000000.");
    }

    [Fact]
    public Task A_broken_message_is_refused_with_the_place() =>
        Refused(
            new ReferenceEncoder().Raw([0x0a, 0x7f, 0x61]),
            InvalidArgument,
            "The message is not valid protobuf: at byte 1, a length of 127 goes beyond the 1 bytes that are left.");

    [Fact]
    public Task A_field_of_another_type_is_refused() =>
        Refused(
            new ReferenceEncoder().Varint(1, 5),
            InvalidArgument,
            "Field model_name (1) comes as Varint, and is Bytes: is the client built from another .proto file?");

    [Fact]
    public Task A_parameter_that_is_not_utf8_is_refused() =>
        Refused(
            InferMessage.To("iris").Message(4, new ReferenceEncoder().Bytes(1, [0xff])),
            InvalidArgument,
            "The message is not valid protobuf: at byte 9, a string is not valid UTF-8.");

    private async Task Refused(ReferenceEncoder request, int code, string because)
    {
        var answer = await server.Client.InferAsync(request.ToArray());
        answer.Message.Should().Match(because);
        answer.Code.Should().Be(code);
        answer.IsTrailersOnly.Should().BeTrue();
        answer.Body.Should().BeEmpty();
    }
}
