using System.Buffers;
using System.Text;
using Sluice.Runtime.Grpc.Calls;
using Sluice.Runtime.Grpc.Framing;
using Sluice.Runtime.Grpc.Wire;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>
/// Writes a ModelInferResponse. Its tensors are raw (raw_output_contents) when the request's were, or when one of them
/// has a type without typed contents (FP16, BF16): the protocol wants all of an answer's tensors in the same form.
/// Everything is measured first, because each length goes before what it measures; then it is written once, into the
/// server's own memory.
/// </summary>
internal sealed class InferReply
{
    private OutputTensor[] outputs = [];
    private ServedModel? named;
    private byte[] names = [];
    private int count;
    private bool raw;

    /// <param name="rawRequest">Whether the request's tensors were raw.</param>
    public void Send(GrpcExchange exchange, ModelCall call, bool rawRequest)
    {
        try
        {
            Collect(call, rawRequest);
            var size = Measure(call);
            if (size > int.MaxValue)
                throw new GrpcException(GrpcCode.ResourceExhausted, $"The answer has {size} bytes; a message can have 2 GiB.");
            Send(exchange, call, (uint)size);
        }
        finally
        {
            foreach (var output in outputs.AsSpan(0, count))
                output.Clear();
            count = 0;
        }
    }

    private void Send(GrpcExchange exchange, ModelCall call, uint size)
    {
        if (Reply.Compresses(exchange, size))
        {
            call.Answer.Clear();
            var scratch = new ProtoWriter(call.Answer);
            Write(ref scratch, call);
            scratch.Flush();
            Reply.Send(exchange, call.Answer.Written);
            return;
        }
        var writer = Reply.Begin(exchange.Answer, size);
        Write(ref writer, call);
        writer.Flush();
    }

    private void Collect(ModelCall call, bool rawRequest)
    {
        var ports = call.Model.Signature.Outputs;
        if (outputs.Length < ports.Length)
            outputs = [.. ports.Select(_ => new OutputTensor())];
        raw = rawRequest;
        for (var i = 0; i < ports.Length; i++)
        {
            if (!call.Frame.IsWanted(i))
                continue;
            var output = outputs[count++];
            output.Set(ports[i], call.Frame.Outputs[i], call.Wishes[i].Classes);
            raw |= TypedField.Of(output.ElementType) is null;
        }
    }

    private long Measure(ModelCall call)
    {
        Name(call.Model);
        long size = names.Length + ProtoSize.Text(call.Id.Length) + call.Parameters.Length;
        foreach (var output in outputs.AsSpan(0, count))
        {
            output.ContentsSize = raw ? OutputContents.RawSize(output) : OutputContents.TypedSize(output);
            output.Size = ProtoSize.Text(output.Port.Utf8Name.Length)
                + ProtoSize.Text(DatatypeNames.Utf8(output.ElementType).Length)
                + ProtoSize.Text(ProtoSize.Packed(output.Shape))
                + output.Parameters.Length
                + (raw ? 0 : ProtoSize.Text(output.ContentsSize));
            size += ProtoSize.Bytes(output.Size) + (raw ? ProtoSize.Bytes(output.ContentsSize) : 0);
        }
        return size;
    }

    /// <summary>The fields model_name and model_version, which are the same in every answer of a model.</summary>
    private void Name(ServedModel model)
    {
        if (ReferenceEquals(model, named))
            return;
        var written = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(written);
        writer.Text(InferFields.ResponseModelName, Encoding.UTF8.GetBytes(model.Name));
        writer.Text(InferFields.ResponseModelVersion, Encoding.UTF8.GetBytes(model.Version));
        writer.Flush();
        (named, names) = (model, written.WrittenSpan.ToArray());
    }

    private void Write(ref ProtoWriter writer, ModelCall call)
    {
        writer.Raw(names);
        writer.Text(InferFields.ResponseId, call.Id.Written);
        writer.Raw(call.Parameters.Written);
        foreach (var output in outputs.AsSpan(0, count))
        {
            writer.Head(InferFields.ResponseOutputs, output.Size);
            writer.Text(InferFields.TensorName, output.Port.Utf8Name);
            writer.Text(InferFields.TensorDatatype, DatatypeNames.Utf8(output.ElementType));
            writer.Packed(InferFields.TensorShape, output.Shape);
            writer.Raw(output.Parameters);
            if (raw || output.ContentsSize == 0)
                continue;
            writer.Head(InferFields.TensorContents, output.ContentsSize);
            OutputContents.WriteTyped(ref writer, output);
        }
        if (!raw)
            return;
        foreach (var output in outputs.AsSpan(0, count))
        {
            writer.Head(InferFields.ResponseRawContents, output.ContentsSize);
            OutputContents.WriteRaw(ref writer, output);
        }
    }
}
