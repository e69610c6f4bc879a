using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Sluice.Contract;

/// <summary>
/// A report as one line of a termination message, within its <see cref="TerminationMessage.LimitBytes"/>: as JSON where
/// that fits; packed as <c>{"packed":"BASE64"}</c> (zlib) where it does not; and of a model with so many columns that
/// neither fits, packed without its free texts and marked as shortened.
/// </summary>
public static class ModelReportLine
{
    /// <summary>Of a report that somebody else may have written: no more than this is unpacked.</summary>
    private const int UnpackedLimit = 4 * 1024 * 1024;

    public static string Of(ModelReport report)
    {
        var text = JsonSerializer.Serialize(report, ContractJson.Default.ModelReport);
        if (Fits(text))
            return text;
        text = Packed(report);
        if (Fits(text))
            return text;
        var less = report with
        {
            Lineage = report.Lineage?.Where(static l => !l.Key.StartsWith("param.", StringComparison.Ordinal)).ToDictionary(),
            Metadata = null,
            Description = null,
            ExternalData = null,
            OptionalInputs = null,
            Shortened = true,
        };
        for (var keep = Math.Max(report.Inputs.Count, report.Outputs.Count); ; keep /= 2)
        {
            text = Packed(less with { Inputs = [.. report.Inputs.Take(keep)], Outputs = [.. report.Outputs.Take(keep)] });
            if (Fits(text) || keep == 0)
                return text;
            less = less with { SignatureShortened = true };
        }
    }

    /// <summary>Null when the text is not such a line.</summary>
    public static ModelReport? TryParse(string? text)
    {
        if (text is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(text.Trim());
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                ? root.TryGetProperty("packed", out var packed) ? Unpacked(packed) : root.Deserialize(ContractJson.Default.ModelReport)
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidDataException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Packed(ModelReport report)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            JsonSerializer.Serialize(zlib, report, ContractJson.Default.ModelReport);
        return $$"""{"packed":"{{Convert.ToBase64String(packed.GetBuffer().AsSpan(0, (int)packed.Length))}}"}""";
    }

    private static ModelReport? Unpacked(JsonElement packed)
    {
        using var zlib = new ZLibStream(new MemoryStream(packed.GetBytesFromBase64()), CompressionMode.Decompress);
        var text = new byte[UnpackedLimit];
        var length = zlib.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        return JsonSerializer.Deserialize(text.AsSpan(0, length), ContractJson.Default.ModelReport);
    }

    // One byte is left for the end of the line.
    private static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) < TerminationMessage.LimitBytes;
}
