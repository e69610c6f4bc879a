using Sluice.Onnx.ModelFile;
using Sluice.Support.Models;

namespace Sluice.Onnx.Tests;

public sealed class ModelHeaderTests
{
    [Fact]
    public void Opsets_versions_and_external_files_are_found_also_in_subgraphs()
    {
        var body = new OnnxWriter().External("inner", [2], "inner.bin").Output("y", OnnxTypes.Tensor(1, 2));
        var bytes = new OnnxWriter().Opset("com.example", 3)
            .External("a", [2], "b.bin").External("c", [2], "a.bin").External("d", [2], "a.bin")
            .Node("If", ["x"], ["y"], "", OnnxWriter.GraphAttribute("then_branch", body))
            .ToBytes();

        var header = ModelHeaderReader.Read(new MemoryStream(bytes));

        header.IrVersion.Should().Be(8);
        header.ProducerVersion.Should().Be("1.2");
        header.Opsets.Should().Equal(new Dictionary<string, long> { ["ai.onnx"] = 17, ["ai.onnx.ml"] = 3, ["com.example"] = 3 });
        header.ExternalData.Should().Equal("a.bin", "b.bin", "inner.bin");
    }

    [Fact]
    public void Large_weights_are_skipped_and_not_read()
    {
        var bytes = new OnnxWriter().Floats("w", [1 << 20], new float[1 << 20]).External("e", [1], "e.bin").ToBytes();
        var stream = new CountingStream(bytes);

        ModelHeaderReader.Read(stream).ExternalData.Should().Equal("e.bin");

        stream.BytesRead.Should().BeLessThan(100_000);
    }

    [Fact]
    public void A_file_cut_anywhere_or_mutated_ends_in_a_result_or_in_InvalidData()
    {
        var whole = File.ReadAllBytes(TestModels.File("forest/1"));
        var random = new Random(1);
        for (var round = 0; round < 3000; round++)
        {
            var bytes = whole[..random.Next(whole.Length + 1)];
            for (var flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                ModelHeaderReader.Read(new MemoryStream(bytes)).Should().NotBeNull();
            }
            catch (InvalidDataException e)
            {
                e.Message.Should().NotBeEmpty();
            }
        }
    }

    [Fact]
    public void Graphs_nested_without_end_are_refused()
    {
        var graph = new ProtoBuilder();
        for (var i = 0; i < 1000; i++)
            graph = new ProtoBuilder().Message(1, new ProtoBuilder().Message(5, new ProtoBuilder().Message(6, graph)));

        var reading = () => ModelHeaderReader.Read(new MemoryStream(new ProtoBuilder().Message(7, graph).ToArray()));

        reading.Should().Throw<InvalidDataException>().WithMessage("*nested*");
    }

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public long BytesRead { get; private set; }

        /// <summary>What the span overload of the base class calls.</summary>
        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, count);
            BytesRead += read;
            return read;
        }
    }
}
