namespace Sluice.Runtime.Grpc.Calls;

/// <summary>A call that takes one message and answers one.</summary>
internal interface IUnaryMethod
{
    /// <summary>Whether its calls count as requests to a model.</summary>
    bool IsModelCall { get; }

    /// <summary>
    /// Reads the message before it first waits: afterwards the message's memory is gone. Writes the answer last, when
    /// nothing can fail any more.
    /// </summary>
    ValueTask HandleAsync(GrpcExchange exchange, ReadOnlyMemory<byte> message);
}
