using System.Text;

namespace Sluice.Support.Models;

/// <summary>
/// Writes small ONNX models for one test each. Only what tests need of onnx.proto, by its field numbers; a type is an
/// encoded TypeProto, see <see cref="OnnxTypes"/>.
/// </summary>
public sealed class OnnxWriter
{
    private readonly ProtoBuilder graph = new();
    private readonly List<(string Domain, long Version)> opsets = [("", 17), ("ai.onnx.ml", 3)];
    private readonly ProtoBuilder metadata = new();

    public OnnxWriter Opset(string domain, long version)
    {
        opsets.RemoveAll(o => o.Domain == domain);
        opsets.Add((domain, version));
        return this;
    }

    public OnnxWriter Input(string name, byte[] type) => Value(11, name, type);

    public OnnxWriter Output(string name, byte[] type) => Value(12, name, type);

    /// <summary>An initializer; one that is also an input can be overridden by a call.</summary>
    public OnnxWriter Floats(string name, long[] dims, params float[] data)
    {
        graph.Message(5, Tensor(name, 1, dims).Bytes(9, [.. data.SelectMany(BitConverter.GetBytes)]));
        return this;
    }

    public OnnxWriter Longs(string name, long[] dims, params long[] data)
    {
        graph.Message(5, Tensor(name, 7, dims).Bytes(9, [.. data.SelectMany(BitConverter.GetBytes)]));
        return this;
    }

    /// <summary>A float initializer whose elements lie in a file beside the model.</summary>
    public OnnxWriter External(string name, long[] dims, string file)
    {
        var location = new ProtoBuilder().Text(1, "location").Text(2, file);
        graph.Message(5, Tensor(name, 1, dims).Message(13, location).Number(14, 1));
        return this;
    }

    public OnnxWriter Node(string op, string[] inputs, string[] outputs, string domain = "", params ProtoBuilder[] attributes)
    {
        var node = new ProtoBuilder();
        foreach (var input in inputs)
            node.Text(1, input);
        foreach (var output in outputs)
            node.Text(2, output);
        node.Text(4, op);
        foreach (var attribute in attributes)
            node.Message(5, attribute);
        if (domain.Length > 0)
            node.Text(7, domain);
        graph.Message(1, node);
        return this;
    }

    public OnnxWriter Metadata(string key, string value)
    {
        metadata.Message(14, new ProtoBuilder().Text(1, key).Text(2, value));
        return this;
    }

    public static ProtoBuilder IntAttribute(string name, long value) =>
        new ProtoBuilder().Text(1, name).Number(3, value).Number(20, 2);

    public static ProtoBuilder IntsAttribute(string name, params long[] values)
    {
        var attribute = new ProtoBuilder().Text(1, name);
        foreach (var value in values)
            attribute.Number(8, value);
        return attribute.Number(20, 7);
    }

    public static ProtoBuilder TextsAttribute(string name, params string[] values)
    {
        var attribute = new ProtoBuilder().Text(1, name);
        foreach (var value in values)
            attribute.Text(9, value);
        return attribute.Number(20, 8);
    }

    /// <summary>A subgraph, as Loop and If take it.</summary>
    public static ProtoBuilder GraphAttribute(string name, OnnxWriter body) =>
        new ProtoBuilder().Text(1, name).Message(6, body.Graph()).Number(20, 5);

    public byte[] ToBytes()
    {
        var model = new ProtoBuilder().Number(1, 8).Text(2, "sluice-tests").Text(3, "1.2").Number(5, 7).Message(7, Graph());
        foreach (var (domain, version) in opsets)
            model.Message(8, new ProtoBuilder().Text(1, domain).Number(2, version));
        return [.. model.ToArray(), .. metadata.ToArray()];
    }

    /// <summary>Writes the model to a file of its own folder.</summary>
    /// <returns>The file's path.</returns>
    public string Save(string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(file, ToBytes());
        return file;
    }

    private ProtoBuilder Graph() => new ProtoBuilder().Raw(graph.ToArray()).Text(2, "test");

    private static ProtoBuilder Tensor(string name, int type, long[] dims)
    {
        var tensor = new ProtoBuilder();
        foreach (var dim in dims)
            tensor.Number(1, dim);
        return tensor.Number(2, type).Text(8, name);
    }

    private OnnxWriter Value(int field, string name, byte[] type)
    {
        graph.Message(field, new ProtoBuilder().Text(1, name).Bytes(2, type));
        return this;
    }
}

/// <summary>Encoded TypeProto values.</summary>
public static class OnnxTypes
{
    /// <param name="element">By ONNX's number: 1 float, 7 int64, 8 string, 9 bool, 10 float16, 11 double, 16 bfloat16.</param>
    /// <param name="dims">Numbers, or names of varying dimensions.</param>
    public static byte[] Tensor(int element, params object[] dims)
    {
        var shape = new ProtoBuilder();
        foreach (var dim in dims)
        {
            shape.Message(1, dim is string symbol
                ? new ProtoBuilder().Text(2, symbol)
                : new ProtoBuilder().Number(1, Convert.ToInt64(dim)));
        }
        return new ProtoBuilder().Message(1, new ProtoBuilder().Number(1, element).Message(2, shape)).ToArray();
    }

    public static byte[] Sequence(byte[] element) =>
        new ProtoBuilder().Message(4, new ProtoBuilder().Bytes(1, element)).ToArray();

    /// <param name="key">As an element: 7 int64 or 8 string.</param>
    public static byte[] Map(int key, byte[] value) =>
        new ProtoBuilder().Message(5, new ProtoBuilder().Number(1, key).Bytes(2, value)).ToArray();

    public static byte[] Optional(byte[] element) =>
        new ProtoBuilder().Message(9, new ProtoBuilder().Bytes(1, element)).ToArray();
}

/// <summary>Protobuf's wire format, written field by field.</summary>
public sealed class ProtoBuilder
{
    private readonly MemoryStream stream = new();

    public ProtoBuilder Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtoBuilder Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoBuilder Message(int field, ProtoBuilder value) => Bytes(field, value.ToArray());

    public ProtoBuilder Bytes(int field, byte[] value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        return Raw(value);
    }

    public ProtoBuilder Raw(byte[] value)
    {
        stream.Write(value);
        return this;
    }

    public byte[] ToArray() => stream.ToArray();

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}
