using Sluice.Onnx.Native;

namespace Sluice.Onnx;

/// <summary>The elements of a string tensor, copied out of ONNX Runtime in one call.</summary>
internal sealed unsafe class StringContent
{
    private const int Keep = 64 * 1024;

    private byte[] bytes = [];
    private nuint[] starts = [];
    private long count;

    public long TotalBytes { get; private set; }

    public void Read(in OrtApi api, nint tensor, long elements)
    {
        nuint length;
        api.Check(api.GetStringTensorDataLength(tensor, &length));
        if (bytes.Length < (int)length)
            bytes = new byte[length];
        if (starts.Length < elements)
            starts = new nuint[elements];
        (count, TotalBytes) = (elements, (long)length);
        if (elements == 0)
            return;
        fixed (byte* text = bytes)
        fixed (nuint* start = starts)
            api.Check(api.GetStringTensorContent(tensor, text, length, start, (nuint)elements));
    }

    public ReadOnlySpan<byte> At(long index)
    {
        var from = (int)starts[index];
        var to = index + 1 < count ? (int)starts[index + 1] : (int)TotalBytes;
        return bytes.AsSpan(from, to - from);
    }

    public void Release()
    {
        (count, TotalBytes) = (0, 0);
        if (bytes.Length > Keep)
            bytes = [];
        if (starts.Length > Keep)
            starts = [];
    }
}
