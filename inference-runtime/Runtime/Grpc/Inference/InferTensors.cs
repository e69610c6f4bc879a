using Sluice.Runtime.Grpc.Wire;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;
using Sluice.Runtime.Protocols.V2;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>Reads a ModelInferRequest straight into the call's input memory.</summary>
internal static class InferTensors
{
    /// <returns>Whether the tensors came as raw_input_contents.</returns>
    /// <exception cref="RequestException">An input or output does not fit the model.</exception>
    /// <exception cref="ProtoException">The message is broken.</exception>
    public static bool Read(ReadOnlySpan<byte> message, ModelCall call)
    {
        var (inputs, raws) = Count(message);
        if (raws > 0 && raws != inputs)
        {
            throw RequestException.Bad(
                $"There are {inputs} inputs and {raws} raw_input_contents; each input has its own, in the same order.");
        }
        var contents = new ProtoReader(message);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case InferFields.RequestInputs:
                    if (raws > 0)
                        InferInput.ReadRaw(reader.Message(), NextRaw(ref contents), call);
                    else
                        InferInput.ReadTyped(reader.Message(), call);
                    break;
                case InferFields.RequestOutputs:
                    reader.Expect(WireType.Bytes, "outputs");
                    Output(reader.Message(), call);
                    break;
                case InferFields.RequestId:
                    reader.Expect(WireType.Bytes, "id");
                    call.Id.Clear();
                    call.Id.Raw(reader.Text());
                    call.HasId = call.Id.Length > 0;
                    break;
                case InferFields.RequestParameters:
                    reader.Expect(WireType.Bytes, "parameters");
                    Parameter(ref reader, call);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return raws > 0;
    }

    private static (int Inputs, int Raws) Count(ReadOnlySpan<byte> message)
    {
        int inputs = 0, raws = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == InferFields.RequestInputs)
            {
                reader.Expect(WireType.Bytes, "inputs");
                inputs++;
            }
            else if (reader.Field == InferFields.RequestRawContents)
            {
                reader.Expect(WireType.Bytes, "raw_input_contents");
                raws++;
            }
            reader.Skip();
        }
        return (inputs, raws);
    }

    private static ReadOnlySpan<byte> NextRaw(ref ProtoReader contents)
    {
        while (contents.Next())
        {
            if (contents.Field == InferFields.RequestRawContents)
                return contents.Bytes();
            contents.Skip();
        }
        return default;
    }

    /// <summary>Parameters go back to the caller as they came: their field has the same number in the answer.</summary>
    private static void Parameter(ref ProtoReader reader, ModelCall call)
    {
        var before = reader;
        var entry = reader.Bytes();
        var checkable = before.Message();
        ParameterEntry.Check(checkable);
        if (ParameterEntry.Number(checkable, "timeout"u8, InferRequest.MaxTimeout) is { } microseconds)
            call.Timeout = TimeSpan.FromMicroseconds(microseconds);
        if (ParameterEntry.Number(checkable, "priority"u8, long.MaxValue, least: 0) is { } priority)
            call.Ticket.Priority = priority;
        var writer = new ProtoWriter(call.Parameters);
        writer.Bytes(InferFields.ResponseParameters, entry);
        writer.Flush();
    }

    private static void Output(ProtoReader reader, ModelCall call)
    {
        ReadOnlySpan<byte> name = default;
        var wish = default(OutputWish);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case InferFields.TensorName:
                    reader.Expect(WireType.Bytes, "name");
                    name = reader.Text();
                    break;
                case InferFields.OutputParameters:
                    reader.Expect(WireType.Bytes, "parameters");
                    var entry = reader.Message();
                    ParameterEntry.Check(entry);
                    if (ParameterEntry.Number(entry, "classification"u8, InferRequest.MaxClasses) is { } classes)
                        wish.Classes = (int)classes;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        var index = call.Model.Signature.FindOutput(name);
        if (index < 0)
        {
            var names = string.Join(", ", call.Model.Signature.Outputs.Select(p => p.Name));
            throw RequestException.Bad($"Output \"{Excerpt.Of(name)}\" is unknown; model \"{call.Model.Name}\" gives {names}.");
        }
        call.Frame.Want(index);
        call.Wishes[index] = wish;
    }
}
