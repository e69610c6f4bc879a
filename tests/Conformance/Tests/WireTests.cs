using System.Text;
using System.Text.Json;
using Sluice.Conformance.Values;
using Sluice.Conformance.Wire;
using Sluice.Onnx;

namespace Sluice.Conformance.Tests;

/// <summary>This suite's own encodings, where a mistake would hide one of the server's.</summary>
public sealed class WireTests
{
    [Fact]
    public void Numbers_that_JSON_lacks_are_strings()
    {
        var tensor = Tensor.Numbers(ElementType.Float, [3], [.. new[] { float.NaN, float.NegativeInfinity, 0.1f }.SelectMany(BitConverter.GetBytes)]);

        var json = Json(w => TensorJson.WriteFlat(w, tensor));

        json.Should().Be("""["NaN","-Infinity",0.1]""");
        using var document = JsonDocument.Parse(json);
        TensorJson.Read(document.RootElement, ElementType.Float, [3]).Bytes.Should().Equal(tensor.Bytes);
    }

    [Fact]
    public void The_largest_whole_numbers_survive_JSON()
    {
        var tensor = Tensor.Numbers(ElementType.UInt64, [1], [255, 255, 255, 255, 255, 255, 255, 255]);

        var json = Json(w => TensorJson.WriteFlat(w, tensor));

        json.Should().Be("[18446744073709551615]");
        using var document = JsonDocument.Parse(json);
        TensorJson.Read(document.RootElement, ElementType.UInt64).Bytes.Should().Equal(tensor.Bytes);
    }

    [Fact]
    public void Strings_travel_behind_their_lengths()
    {
        var tensor = Tensor.Texts([2], [[0, 255], []]);

        TensorBinary.Write(tensor).Should().Equal(2, 0, 0, 0, 0, 255, 0, 0, 0, 0);
        TensorBinary.Read(TensorBinary.Write(tensor), ElementType.String, [2]).Strings.Should().BeEquivalentTo(tensor.Strings);
    }

    [Fact]
    public void Typed_contents_use_the_field_of_the_type()
    {
        var tensor = Tensor.Numbers(ElementType.Int8, [2], [1, 0xff]);

        var message = GrpcContents.Write(tensor).ToArray();

        message.Should().Equal(0x12, 11, 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1);
        GrpcContents.Read(message, ElementType.Int8, [2]).Bytes.Should().Equal(tensor.Bytes);
    }

    [Fact]
    public void A_sequence_is_a_list_of_JSON_texts()
    {
        var item = Tensor.Numbers(ElementType.UInt8, [1, 2], [3, 4]);

        var wire = WireTensor.From("s", new Sequence([item]), new SequenceType(new TensorType(ElementType.UInt8, null)));

        Encoding.UTF8.GetString(wire.Tensor.Strings[0]).Should().Be("[[3,4]]");
        var back = (Sequence)wire.ToValue(new OptionalType(new SequenceType(new TensorType(ElementType.UInt8, null))));
        Comparison.Difference(item, back.Items[0]).Should().BeNull();
    }

    static string Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            write(json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
