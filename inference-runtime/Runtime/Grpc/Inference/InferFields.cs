namespace Sluice.Runtime.Grpc.Inference;

/// <summary>
/// Field numbers of the inference messages: the Open Inference Protocol's open_inference_grpc.proto
/// (github.com/kserve/open-inference-protocol, specification/protocol); in our words in Contract/protos/inference.proto.
/// </summary>
internal static class InferFields
{
    public const int RequestModelName = 1;
    public const int RequestModelVersion = 2;
    public const int RequestId = 3;
    public const int RequestParameters = 4;
    public const int RequestInputs = 5;
    public const int RequestOutputs = 6;
    public const int RequestRawContents = 7;

    public const int ResponseModelName = 1;
    public const int ResponseModelVersion = 2;
    public const int ResponseId = 3;
    public const int ResponseParameters = 4;
    public const int ResponseOutputs = 5;
    public const int ResponseRawContents = 6;

    /// <summary>Of a requested output, whose name is as of a tensor.</summary>
    public const int OutputParameters = 2;

    /// <summary>Of a tensor in a request or an answer.</summary>
    public const int TensorName = 1;
    public const int TensorDatatype = 2;
    public const int TensorShape = 3;
    public const int TensorParameters = 4;
    public const int TensorContents = 5;

    public const int BoolContents = 1;
    public const int IntContents = 2;
    public const int Int64Contents = 3;
    public const int UIntContents = 4;
    public const int UInt64Contents = 5;
    public const int Fp32Contents = 6;
    public const int Fp64Contents = 7;
    public const int BytesContents = 8;

    public const int MapKey = 1;
    public const int MapValue = 2;

    public const int BoolParameter = 1;
    public const int Int64Parameter = 2;
    public const int StringParameter = 3;
    public const int DoubleParameter = 4;
    public const int UInt64Parameter = 5;
}
