using System.Text.Json;
using Sluice.Contract;

namespace Sluice.Runtime.Routing;

/// <summary>
/// The mounted split document. The kubelet changes it by swapping a link above it, which some watchers do not see and
/// all readers do; so what is compared is the content, which is small.
/// </summary>
internal sealed class SplitFile(string path)
{
    private byte[]? last;
    private string? lastFailure;

    /// <summary>Null when nothing has changed since the last look.</summary>
    public SplitReading? Read()
    {
        try
        {
            var bytes = ReadBounded();
            if (last.AsSpan().SequenceEqual(bytes) && last is not null)
                return null;
            (last, lastFailure) = (bytes, null);
            return Parse(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            last = null;
            if (lastFailure == e.Message)
                return null;
            lastFailure = e.Message;
            return new SplitReading(null, $"cannot be read: {e.Message}");
        }
    }

    private byte[] ReadBounded()
    {
        using var file = File.OpenRead(path);
        if (file.Length > SplitDocument.LimitBytes)
            throw new IOException($"it has {file.Length} bytes; {SplitDocument.LimitBytes} are the most.");
        var bytes = new byte[file.Length];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static SplitReading Parse(byte[] bytes)
    {
        try
        {
            var document = JsonSerializer.Deserialize(bytes, ContractJson.Default.SplitDocument);
            if (document is null)
                return new SplitReading(null, "is null.");
            return SplitCheck.Problem(document) is { } problem
                ? new SplitReading(null, $"cannot be applied: {problem}")
                : new SplitReading(document, string.Empty);
        }
        catch (JsonException e)
        {
            return new SplitReading(null, $"is not a split document: {e.Message}");
        }
    }
}

/// <param name="Document">Null when there is a problem.</param>
/// <param name="Problem">What is wrong with the file.</param>
internal sealed record SplitReading(SplitDocument? Document, string Problem);
