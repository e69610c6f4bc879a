namespace Sluice.Onnx.Native;

/// <summary>
/// ONNX Runtime's function table. Positions are those of <c>struct OrtApi</c> in onnxruntime_c_api.h, which only ever
/// grows at its end; version 23 ends at 389. Calls that return <c>nint</c> return an OrtStatus*, null for success.
/// </summary>
internal readonly unsafe struct OrtApi(nint* table)
{
    public const uint Version = 23;

    public delegate* unmanaged<nint, int> GetErrorCode => (delegate* unmanaged<nint, int>)table[1];
    public delegate* unmanaged<nint, byte*> GetErrorMessage => (delegate* unmanaged<nint, byte*>)table[2];
    public delegate* unmanaged<nint, void> ReleaseStatus => (delegate* unmanaged<nint, void>)table[93];

    public delegate* unmanaged<nint, nint, int, byte*, nint*, nint> CreateEnvWithCustomLogger =>
        (delegate* unmanaged<nint, nint, int, byte*, nint*, nint>)table[4];
    public delegate* unmanaged<nint, nint> DisableTelemetryEvents => (delegate* unmanaged<nint, nint>)table[6];
    public delegate* unmanaged<nint, void> ReleaseEnv => (delegate* unmanaged<nint, void>)table[92];
    public delegate* unmanaged<byte*> GetBuildInfoString => (delegate* unmanaged<byte*>)table[254];

    public delegate* unmanaged<nint*, nint> CreateSessionOptions => (delegate* unmanaged<nint*, nint>)table[10];
    public delegate* unmanaged<nint, nint> DisableMemPattern => (delegate* unmanaged<nint, nint>)table[17];
    public delegate* unmanaged<nint, nint> DisableCpuMemArena => (delegate* unmanaged<nint, nint>)table[19];
    public delegate* unmanaged<nint, int, nint> SetSessionLogSeverityLevel =>
        (delegate* unmanaged<nint, int, nint>)table[22];
    public delegate* unmanaged<nint, int, nint> SetIntraOpNumThreads => (delegate* unmanaged<nint, int, nint>)table[24];
    public delegate* unmanaged<nint, int, nint> SetInterOpNumThreads => (delegate* unmanaged<nint, int, nint>)table[25];
    public delegate* unmanaged<nint, byte*, byte*, nint> AddSessionConfigEntry =>
        (delegate* unmanaged<nint, byte*, byte*, nint>)table[130];
    public delegate* unmanaged<nint, void> ReleaseSessionOptions => (delegate* unmanaged<nint, void>)table[100];

    public delegate* unmanaged<nint, byte*, nint, nint*, nint> CreateSession =>
        (delegate* unmanaged<nint, byte*, nint, nint*, nint>)table[7];
    public delegate* unmanaged<nint, void*, nuint, nint, nint*, nint> CreateSessionFromArray =>
        (delegate* unmanaged<nint, void*, nuint, nint, nint*, nint>)table[8];
    public delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint> Run =>
        (delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)table[9];
    public delegate* unmanaged<nint, void> ReleaseSession => (delegate* unmanaged<nint, void>)table[95];

    public delegate* unmanaged<nint, nuint*, nint> SessionGetInputCount =>
        (delegate* unmanaged<nint, nuint*, nint>)table[30];
    public delegate* unmanaged<nint, nuint*, nint> SessionGetOutputCount =>
        (delegate* unmanaged<nint, nuint*, nint>)table[31];
    public delegate* unmanaged<nint, nuint*, nint> SessionGetOverridableInitializerCount =>
        (delegate* unmanaged<nint, nuint*, nint>)table[32];
    public delegate* unmanaged<nint, nuint, nint*, nint> SessionGetInputTypeInfo =>
        (delegate* unmanaged<nint, nuint, nint*, nint>)table[33];
    public delegate* unmanaged<nint, nuint, nint*, nint> SessionGetOutputTypeInfo =>
        (delegate* unmanaged<nint, nuint, nint*, nint>)table[34];
    public delegate* unmanaged<nint, nuint, nint*, nint> SessionGetOverridableInitializerTypeInfo =>
        (delegate* unmanaged<nint, nuint, nint*, nint>)table[35];
    public delegate* unmanaged<nint, nuint, nint, byte**, nint> SessionGetInputName =>
        (delegate* unmanaged<nint, nuint, nint, byte**, nint>)table[36];
    public delegate* unmanaged<nint, nuint, nint, byte**, nint> SessionGetOutputName =>
        (delegate* unmanaged<nint, nuint, nint, byte**, nint>)table[37];
    public delegate* unmanaged<nint, nuint, nint, byte**, nint> SessionGetOverridableInitializerName =>
        (delegate* unmanaged<nint, nuint, nint, byte**, nint>)table[38];

    public delegate* unmanaged<nint*, nint> CreateRunOptions => (delegate* unmanaged<nint*, nint>)table[39];
    public delegate* unmanaged<nint, nint> RunOptionsSetTerminate => (delegate* unmanaged<nint, nint>)table[46];
    public delegate* unmanaged<nint, nint> RunOptionsUnsetTerminate => (delegate* unmanaged<nint, nint>)table[47];
    public delegate* unmanaged<nint, byte*, byte*, nint> AddRunConfigEntry =>
        (delegate* unmanaged<nint, byte*, byte*, nint>)table[165];
    public delegate* unmanaged<nint, void> ReleaseRunOptions => (delegate* unmanaged<nint, void>)table[97];

    public delegate* unmanaged<nint, long*, nuint, int, nint*, nint> CreateTensorAsOrtValue =>
        (delegate* unmanaged<nint, long*, nuint, int, nint*, nint>)table[48];
    public delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensorWithDataAsOrtValue =>
        (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)table[49];
    public delegate* unmanaged<nint, void**, nint> GetTensorMutableData =>
        (delegate* unmanaged<nint, void**, nint>)table[51];
    public delegate* unmanaged<nint, nuint*, nint> GetStringTensorDataLength =>
        (delegate* unmanaged<nint, nuint*, nint>)table[53];
    public delegate* unmanaged<nint, void*, nuint, nuint*, nuint, nint> GetStringTensorContent =>
        (delegate* unmanaged<nint, void*, nuint, nuint*, nuint, nint>)table[54];
    public delegate* unmanaged<nint, nuint, nuint, byte**, nint> GetResizedStringTensorElementBuffer =>
        (delegate* unmanaged<nint, nuint, nuint, byte**, nint>)table[252];
    public delegate* unmanaged<nint, nuint*, nint> GetTensorSizeInBytes =>
        (delegate* unmanaged<nint, nuint*, nint>)table[318];
    public delegate* unmanaged<nint, int*, nint> GetValueType => (delegate* unmanaged<nint, int*, nint>)table[67];
    public delegate* unmanaged<nint, nint*, nint> GetTensorTypeAndShape =>
        (delegate* unmanaged<nint, nint*, nint>)table[65];
    public delegate* unmanaged<nint, nint*, nint> GetTypeInfo => (delegate* unmanaged<nint, nint*, nint>)table[66];
    public delegate* unmanaged<nint, int, nint, nint*, nint> GetValue =>
        (delegate* unmanaged<nint, int, nint, nint*, nint>)table[80];
    public delegate* unmanaged<nint, nuint*, nint> GetValueCount => (delegate* unmanaged<nint, nuint*, nint>)table[81];
    public delegate* unmanaged<nint*, nuint, int, nint*, nint> CreateValue =>
        (delegate* unmanaged<nint*, nuint, int, nint*, nint>)table[82];
    public delegate* unmanaged<nint, int*, nint> HasValue => (delegate* unmanaged<nint, int*, nint>)table[192];
    public delegate* unmanaged<nint, void> ReleaseValue => (delegate* unmanaged<nint, void>)table[96];

    public delegate* unmanaged<nint, int*, nint> GetOnnxTypeFromTypeInfo =>
        (delegate* unmanaged<nint, int*, nint>)table[56];
    public delegate* unmanaged<nint, nint*, nint> CastTypeInfoToTensorInfo =>
        (delegate* unmanaged<nint, nint*, nint>)table[55];
    public delegate* unmanaged<nint, nint*, nint> CastTypeInfoToMapTypeInfo =>
        (delegate* unmanaged<nint, nint*, nint>)table[103];
    public delegate* unmanaged<nint, nint*, nint> CastTypeInfoToSequenceTypeInfo =>
        (delegate* unmanaged<nint, nint*, nint>)table[104];
    public delegate* unmanaged<nint, nint*, nint> CastTypeInfoToOptionalTypeInfo =>
        (delegate* unmanaged<nint, nint*, nint>)table[250];
    public delegate* unmanaged<nint, int*, nint> GetMapKeyType => (delegate* unmanaged<nint, int*, nint>)table[105];
    public delegate* unmanaged<nint, nint*, nint> GetMapValueType => (delegate* unmanaged<nint, nint*, nint>)table[106];
    public delegate* unmanaged<nint, nint*, nint> GetSequenceElementType =>
        (delegate* unmanaged<nint, nint*, nint>)table[107];
    public delegate* unmanaged<nint, nint*, nint> GetOptionalContainedTypeInfo =>
        (delegate* unmanaged<nint, nint*, nint>)table[251];
    public delegate* unmanaged<nint, int*, nint> GetTensorElementType =>
        (delegate* unmanaged<nint, int*, nint>)table[60];
    public delegate* unmanaged<nint, nuint*, nint> GetDimensionsCount =>
        (delegate* unmanaged<nint, nuint*, nint>)table[61];
    public delegate* unmanaged<nint, long*, nuint, nint> GetDimensions =>
        (delegate* unmanaged<nint, long*, nuint, nint>)table[62];
    public delegate* unmanaged<nint, byte**, nuint, nint> GetSymbolicDimensions =>
        (delegate* unmanaged<nint, byte**, nuint, nint>)table[63];
    public delegate* unmanaged<nint, void> ReleaseTypeInfo => (delegate* unmanaged<nint, void>)table[98];
    public delegate* unmanaged<nint, void> ReleaseTensorTypeAndShapeInfo =>
        (delegate* unmanaged<nint, void>)table[99];

    public delegate* unmanaged<int, int, nint*, nint> CreateCpuMemoryInfo =>
        (delegate* unmanaged<int, int, nint*, nint>)table[69];
    public delegate* unmanaged<nint, void> ReleaseMemoryInfo => (delegate* unmanaged<nint, void>)table[94];
    public delegate* unmanaged<nint, void*, nint> AllocatorFree => (delegate* unmanaged<nint, void*, nint>)table[76];
    public delegate* unmanaged<nint*, nint> GetAllocatorWithDefaultOptions =>
        (delegate* unmanaged<nint*, nint>)table[78];

    public delegate* unmanaged<nint, nint*, nint> SessionGetModelMetadata =>
        (delegate* unmanaged<nint, nint*, nint>)table[111];
    public delegate* unmanaged<nint, nint, byte**, nint> ModelMetadataGetProducerName =>
        (delegate* unmanaged<nint, nint, byte**, nint>)table[112];
    public delegate* unmanaged<nint, nint, byte**, nint> ModelMetadataGetGraphName =>
        (delegate* unmanaged<nint, nint, byte**, nint>)table[113];
    public delegate* unmanaged<nint, nint, byte**, nint> ModelMetadataGetDomain =>
        (delegate* unmanaged<nint, nint, byte**, nint>)table[114];
    public delegate* unmanaged<nint, nint, byte**, nint> ModelMetadataGetDescription =>
        (delegate* unmanaged<nint, nint, byte**, nint>)table[115];
    public delegate* unmanaged<nint, nint, byte*, byte**, nint> ModelMetadataLookupCustomMetadataMap =>
        (delegate* unmanaged<nint, nint, byte*, byte**, nint>)table[116];
    public delegate* unmanaged<nint, long*, nint> ModelMetadataGetVersion =>
        (delegate* unmanaged<nint, long*, nint>)table[117];
    public delegate* unmanaged<nint, nint, byte***, long*, nint> ModelMetadataGetCustomMetadataMapKeys =>
        (delegate* unmanaged<nint, nint, byte***, long*, nint>)table[123];
    public delegate* unmanaged<nint, void> ReleaseModelMetadata => (delegate* unmanaged<nint, void>)table[118];

    /// <summary>Throws what a status says and releases it; does nothing for success.</summary>
    public void Check(nint status)
    {
        if (status != 0)
            throw OnnxException.Take(this, status);
    }
}
