namespace Sluice.Runtime.Grpc.Wire;

/// <summary>A message is not valid protobuf, or not what its field wants. The message is for the caller.</summary>
internal sealed class ProtoException(string message) : Exception(message);
