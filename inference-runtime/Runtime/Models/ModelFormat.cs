using Sluice.Contract;

namespace Sluice.Runtime.Models;

/// <summary>Recognises what people put where an ONNX model belongs, to say how to get one.</summary>
internal static class ModelFormat
{
    /// <exception cref="FailureException">The file is missing, empty, unreadable or of another format.</exception>
    public static void Check(string file)
    {
        var name = Path.GetFileName(file);
        var start = new byte[64];
        int length;
        try
        {
            using var stream = File.OpenRead(file);
            length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (UnauthorizedAccessException)
        {
            throw new FailureException(
                TerminationReasons.AccessDenied, $"{file} may not be read by user {Environment.UserName}; change its mode or owner.");
        }
        catch (IOException e)
        {
            throw new FailureException(TerminationReasons.NotFound, $"{file} cannot be read: {e.Message}");
        }
        if (length == 0)
            throw new FailureException(TerminationReasons.CorruptModel, $"{name} is empty.");
        if (Other(start.AsSpan(0, length)) is { } other)
            throw new FailureException(TerminationReasons.CorruptModel, $"{name} is not an ONNX model but {other}");
    }

    /// <returns>Null for what may be ONNX.</returns>
    internal static string? Other(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("version https://git-lfs"u8))
            return "a Git LFS pointer; fetch the file itself with \"git lfs pull\".";
        if (start.StartsWith("PK\x03\x04"u8))
            return "a zip file, perhaps saved by PyTorch or Keras; convert it with torch.onnx.export or tf2onnx.";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
            return "an HDF5 file, perhaps saved by Keras; convert it with tf2onnx.";
        if (start.Length > 1 && start[0] == 0x80 && start[1] is >= 2 and <= 5)
            return "a Python pickle, perhaps of scikit-learn; convert it with skl2onnx.";
        if (start.Length > 8 && start[4..].StartsWith("TFL3"u8))
            return "a TensorFlow Lite model; convert it with tf2onnx.";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            return "a gzip file; unpack it first.";
        if (start[0] is (byte)'<')
            return "a web page or XML; the address probably leads to a login or an error page.";
        return start[0] is (byte)'{' ? "a JSON file; convert the model (XGBoost: onnxmltools)." : null;
    }
}
