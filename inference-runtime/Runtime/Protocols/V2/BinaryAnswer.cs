using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Sluice.Onnx;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Protocols.V2;

/// <summary>Outputs that follow the JSON as raw bytes, in order. Tensors are not copied before they are sent.</summary>
internal sealed class BinaryAnswer
{
    private const int Chunk = 256 * 1024;

    private readonly List<(OnnxValue? Tensor, byte[] Bytes)> parts = [];

    private (int Length, string Text) header = (0, "0");

    public BinaryAnswer() => Writing = WriteAsync;

    /// <summary><see cref="WriteAsync"/>, made once.</summary>
    public Func<PipeWriter, ValueTask> Writing { get; }

    /// <summary>Bytes of all parts.</summary>
    public long Length { get; private set; }

    /// <summary>For the next answer; the parts belong to others.</summary>
    public void Clear()
    {
        parts.Clear();
        Length = 0;
    }

    /// <summary>The length of the JSON before it, which seldom differs from the last.</summary>
    public string Header(int length)
    {
        if (header.Length != length)
            header = (length, length.ToString(CultureInfo.InvariantCulture));
        return header.Text;
    }

    /// <returns>How many bytes it takes.</returns>
    public long Add(OnnxValue tensor)
    {
        var size = tensor.ElementType == ElementType.String ? BytesElements.Size(tensor) : tensor.ByteLength;
        parts.Add((tensor, []));
        Length += size;
        return size;
    }

    /// <returns>How many bytes it takes.</returns>
    public long Add(byte[] bytes)
    {
        parts.Add((null, bytes));
        Length += bytes.Length;
        return bytes.Length;
    }

    /// <returns>How many bytes they take.</returns>
    public long Add(IEnumerable<byte[]> elements)
    {
        var raw = new ArrayBufferWriter<byte>();
        foreach (var element in elements)
            BytesElements.Write(raw, element);
        return Add(raw.WrittenSpan.ToArray());
    }

    public async ValueTask WriteAsync(PipeWriter writer)
    {
        foreach (var (tensor, bytes) in parts)
        {
            if (tensor is null)
                writer.WriteWhole(bytes);
            else if (tensor.ElementType == ElementType.String)
                WriteStrings(writer, tensor);
            else
                await WriteMemoryAsync(writer, tensor);
        }
        // At the end of a request the server sends what is left only when nothing was flushed before.
        if (Length >= Chunk)
            await writer.FlushAsync();
    }

    private static void WriteStrings(PipeWriter writer, OnnxValue tensor)
    {
        for (long i = 0; i < tensor.Count; i++)
            BytesElements.Write(writer, tensor.StringAt(i));
    }

    private static async ValueTask WriteMemoryAsync(PipeWriter writer, OnnxValue tensor)
    {
        for (long at = 0; at < tensor.ByteLength; at += Chunk)
        {
            var size = (int)Math.Min(Chunk, tensor.ByteLength - at);
            WriteMemory(writer, tensor, at, size);
            if (size == Chunk)
                await writer.FlushAsync();
        }
    }

    private static unsafe void WriteMemory(PipeWriter writer, OnnxValue tensor, long at, int size) =>
        writer.WriteWhole(new ReadOnlySpan<byte>(tensor.Data + at, size));
}
