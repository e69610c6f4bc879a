using Sluice.Runtime.Grpc.Wire;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>
/// What a ModelInferRequest says besides its tensors. Fields come in any order, so the model is known only after a first
/// look at all of them; the tensors are read in a second (<see cref="InferTensors"/>).
/// </summary>
internal ref struct InferHead
{
    public ReadOnlySpan<byte> ModelName;
    public ReadOnlySpan<byte> ModelVersion;

    public static InferHead Read(ReadOnlySpan<byte> message)
    {
        var head = default(InferHead);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case InferFields.RequestModelName:
                    reader.Expect(WireType.Bytes, "model_name");
                    head.ModelName = reader.Text();
                    break;
                case InferFields.RequestModelVersion:
                    reader.Expect(WireType.Bytes, "model_version");
                    head.ModelVersion = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return head;
    }
}
