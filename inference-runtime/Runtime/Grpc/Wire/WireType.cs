namespace Sluice.Runtime.Grpc.Wire;

/// <summary>How a protobuf field's value is laid out; 3 and 4, the groups of proto2, are refused.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
