using System.IO.Compression;
using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Rollouts.Records;

namespace Sluice.Operator.Records;

/// <summary>A record as bytes: JSON, and compressed where it lies in the API.</summary>
internal static class RecordText
{
    /// <summary>The key in the ConfigMap's binaryData.</summary>
    public const string Key = "record.json.gz";

    /// <summary>The most that is written, compressed; the API takes 1 MiB, of which base64 needs a quarter.</summary>
    public const int LimitBytes = 256 << 10;

    /// <summary>The most that is read, so that a small file cannot fill the memory.</summary>
    const int LongestText = 64 << 20;

    static ReadOnlySpan<byte> GzipHead => [0x1f, 0x8b];

    /// <returns>Within <see cref="LimitBytes"/>, with as many decisions left out as that takes; and the record that it holds.</returns>
    public static (byte[] Bytes, AttemptRecord Record) Pack(AttemptRecord record)
    {
        while (true)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                JsonSerializer.Serialize(gzip, record, RecordJson.Default.AttemptRecord);
            var shorter = record;
            for (var i = 0; i <= record.Decisions.Length / 4; i++)
                shorter = shorter.Shortened();
            if (packed.Length <= LimitBytes || shorter.Decisions.Length == record.Decisions.Length)
                return (packed.ToArray(), record);
            record = shorter;
        }
    }

    /// <summary>Reads a record, plain, compressed, or in the ConfigMap that holds it, which is then JSON.</summary>
    /// <exception cref="InvalidDataException">It is none; the message says why.</exception>
    public static AttemptRecord Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = bytes.StartsWith(GzipHead) ? Unpacked(bytes) : bytes.ToArray();
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("kind", out _))
                return Of(document.RootElement.Deserialize(KubeJson.Default.ConfigMap));
            var record = document.RootElement.Deserialize(RecordJson.Default.AttemptRecord) ?? throw new InvalidDataException("It is null.");
            return record.Format == AttemptRecord.CurrentFormat ? record
                : throw new InvalidDataException($"Its format is {record.Format}, and this program reads {AttemptRecord.CurrentFormat}.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"It is no record of an attempt: {e.Message}", e);
        }
    }

    /// <exception cref="InvalidDataException">It holds none.</exception>
    public static AttemptRecord Of(ConfigMap? map) => map?.BinaryData?.GetValueOrDefault(Key) is { } packed
        ? Read(packed)
        : throw new InvalidDataException($"The object has no {Key} in its binaryData.");

    static byte[] Unpacked(ReadOnlySpan<byte> bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
        using var text = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = gzip.Read(buffer)) > 0;)
        {
            text.Write(buffer, 0, read);
            if (text.Length > LongestText)
                throw new InvalidDataException($"It is longer than {LongestText} bytes.");
        }

        return text.ToArray();
    }
}
