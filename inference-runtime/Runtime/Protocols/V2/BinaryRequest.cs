using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Sluice.Onnx;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V2;

/// <summary>
/// Reads a request of the binary tensor extension: JSON of the announced length, then the elements of inputs as raw
/// little-endian bytes, which go from the connection's buffers straight into the model's input memory.
/// </summary>
internal static class BinaryRequest
{
    public const string Header = "Inference-Header-Content-Length";

    /// <returns>The length of the JSON part; null when the request has no binary part.</returns>
    public static long? JsonLength(Exchange exchange)
    {
        var header = exchange.RequestHeader(Header);
        if (header.Count == 0)
            return null;
        if (long.TryParse(header.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return length;
        throw RequestException.Bad($"The header {Header} must be the length of the JSON part in bytes, not \"{Excerpt.Of(header.ToString())}\".");
    }

    /// <param name="bodyLength">Of the whole body; what the JSON claims beyond it reserves nothing.</param>
    public static async ValueTask ReadAsync(PipeReader reader, long jsonLength, long bodyLength, ModelCall call)
    {
        call.HasBinary = true;
        if (jsonLength > bodyLength)
            throw RequestException.Bad($"The header {Header} says {jsonLength}, but the body has {bodyLength} bytes.");
        if (jsonLength == 0)
        {
            await RawRequest.ReadAsync(reader, bodyLength, call);
            return;
        }
        var body = await Await(reader, jsonLength, "its JSON part");
        if (jsonLength > EventThread.SmallBytes)
            await EventThread.Leave();
        try
        {
            ReadJson(body.Slice(0, jsonLength), call);
        }
        finally
        {
            // Also for a refusal: a connection whose reader is left in the middle cannot take another request.
            reader.AdvanceTo(body.GetPosition(jsonLength));
        }
        var remaining = bodyLength - jsonLength;
        for (var i = 0; i < call.BinaryInputs.Count; i++)
        {
            var (index, announced) = call.BinaryInputs[i];
            var slot = call.Frame.Inputs[index];
            var bytes = Size(slot, announced, i == call.BinaryInputs.Count - 1 ? remaining : null);
            if (bytes > remaining)
                throw RequestException.Bad($"Input \"{slot.Info.Name}\" needs {bytes} bytes; the body has {remaining} left.");
            await FillAsync(reader, slot, bytes);
            remaining -= bytes;
        }
        await ExpectEnd(reader);
    }

    /// <summary>Fills an input from the next bytes of the body.</summary>
    public static async ValueTask FillAsync(PipeReader reader, InputSlot slot, long bytes)
    {
        if (slot.ElementType == ElementType.String)
        {
            var text = await Await(reader, bytes, $"input \"{slot.Info.Name}\"");
            if (bytes > EventThread.SmallBytes)
                await EventThread.Leave();
            try
            {
                BytesElements.Read(slot, text.Slice(0, bytes));
            }
            finally
            {
                reader.AdvanceTo(text.GetPosition(bytes));
            }
            return;
        }
        CopyTarget(slot, bytes);
        for (long at = 0; at < bytes;)
        {
            var result = await reader.ReadAsync();
            var part = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, bytes - at));
            Copy(part, slot, at);
            at += part.Length;
            reader.AdvanceTo(part.End);
            if (result.IsCompleted && at < bytes)
                throw RequestException.Bad($"Input \"{slot.Info.Name}\" needs {bytes} bytes; the body ends after {at} of them.");
        }
        CheckBools(slot, bytes);
    }

    /// <summary>ONNX Runtime takes bytes as they are, and what another value than 0 and 1 means differs by operator.</summary>
    private static unsafe void CheckBools(InputSlot slot, long bytes)
    {
        if (slot.ElementType != ElementType.Bool)
            return;
        var raw = new ReadOnlySpan<byte>(slot.RawMemory, checked((int)bytes));
        if (raw.IndexOfAnyExceptInRange((byte)0, (byte)1) is var at and >= 0)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\" wants BOOL; element {at} is the byte {raw[at]}, not 0 or 1.");
    }

    public static async ValueTask ExpectEnd(PipeReader reader)
    {
        var result = await reader.ReadAsync();
        var left = result.Buffer.Length;
        reader.AdvanceTo(result.Buffer.End);
        if (left > 0)
            throw RequestException.Bad("The body goes on after the last input.");
    }

    private static unsafe void CopyTarget(InputSlot slot, long bytes) =>
        slot.Raw(bytes, slot.ElementType.Bits() == 0 ? 0 : InferInput.ElementCount(slot, slot.Shape));

    private static unsafe void Copy(ReadOnlySequence<byte> part, InputSlot slot, long at)
    {
        var target = slot.RawMemory + at;
        foreach (var segment in part)
        {
            segment.Span.CopyTo(new Span<byte>(target, segment.Length));
            target += segment.Length;
        }
    }

    private static void ReadJson(ReadOnlySequence<byte> json, ModelCall call)
    {
        if (json.IsSingleSegment)
        {
            InferRequest.Read(json.FirstSpan, call);
            return;
        }
        var length = (int)json.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            json.CopyTo(rented);
            InferRequest.Read(rented.AsSpan(0, length), call);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Waits until so many bytes are there; they stay with the reader.</summary>
    private static async ValueTask<ReadOnlySequence<byte>> Await(PipeReader reader, long bytes, string what)
    {
        while (true)
        {
            var result = await reader.ReadAsync();
            if (result.Buffer.Length >= bytes)
                return result.Buffer;
            var arrived = result.Buffer.Length;
            reader.AdvanceTo(result.IsCompleted ? result.Buffer.End : result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted)
                throw RequestException.Bad($"The body ends after {arrived} of the {bytes} bytes of {what}.");
        }
    }

    /// <param name="rest">What is left of the body, for the last input.</param>
    private static long Size(InputSlot slot, long? announced, long? rest)
    {
        var count = InferInput.ElementCount(slot, slot.Shape);
        if (slot.ElementType == ElementType.String)
        {
            return announced ?? rest
                ?? throw RequestException.Bad($"Input \"{slot.Info.Name}\" is BYTES and needs \"parameters\":{{\"binary_data_size\":…}}.");
        }
        long bytes;
        try
        {
            bytes = slot.ElementType.ByteCount(count);
        }
        catch (OverflowException)
        {
            throw RequestException.Bad($"Input \"{slot.Info.Name}\": its shape has more elements than can be counted.");
        }
        if (announced is { } said && said != bytes)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" has a binary_data_size of {said}; its shape [{string.Join(", ", slot.Shape.ToArray())}] needs {bytes}.");
        }
        return bytes;
    }
}
