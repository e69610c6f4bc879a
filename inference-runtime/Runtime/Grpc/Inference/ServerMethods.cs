using System.Text;
using Sluice.Runtime.Grpc.Calls;
using Sluice.Runtime.Grpc.Framing;
using Sluice.Runtime.Grpc.Wire;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Models;
using Sluice.Runtime.Protocols;
using Sluice.Runtime.Protocols.V2;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>ServerLive: whoever answers lives.</summary>
internal sealed class ServerLive : IUnaryMethod
{
    public bool IsModelCall => false;

    public ValueTask HandleAsync(GrpcExchange exchange, ReadOnlyMemory<byte> message)
    {
        MessageCheck.Empty(message.Span);
        Flag.Send(exchange, value: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>ServerReady: all models are loaded and warmed, and the server is not about to stop.</summary>
internal sealed class ServerReady(ServingState state) : IUnaryMethod
{
    public bool IsModelCall => false;

    public ValueTask HandleAsync(GrpcExchange exchange, ReadOnlyMemory<byte> message)
    {
        MessageCheck.Empty(message.Span);
        Flag.Send(exchange, state.IsReady);
        return ValueTask.CompletedTask;
    }
}

internal sealed class ServerMetadata(ServingState state) : IUnaryMethod
{
    public bool IsModelCall => false;

    public ValueTask HandleAsync(GrpcExchange exchange, ReadOnlyMemory<byte> message)
    {
        MessageCheck.Empty(message.Span);
        exchange.Scratch.Clear();
        var writer = new ProtoWriter(exchange.Scratch);
        writer.Text(1, "sluice-runtime"u8);
        writer.Text(2, Encoding.UTF8.GetBytes(state.Version));
        writer.Flush();
        Reply.Send(exchange, exchange.Scratch.Written);
        return ValueTask.CompletedTask;
    }
}

/// <summary>ModelReady: the version asked for, or some version, is loaded and warmed.</summary>
internal sealed class ModelReady(ServingState state) : IUnaryMethod
{
    public bool IsModelCall => false;

    public ValueTask HandleAsync(GrpcExchange exchange, ReadOnlyMemory<byte> message)
    {
        var route = NameAndVersion.Read(exchange, message.Span);
        Flag.Send(exchange, ModelRequest.IsReady(state.Catalog, route));
        return ValueTask.CompletedTask;
    }
}

internal sealed class ModelMetadata(ServingState state) : IUnaryMethod
{
    public bool IsModelCall => false;

    public ValueTask HandleAsync(GrpcExchange exchange, ReadOnlyMemory<byte> message)
    {
        var route = NameAndVersion.Read(exchange, message.Span);
        var model = ModelRequest.Find(state.Catalog, route);
        exchange.Scratch.Clear();
        var writer = new ProtoWriter(exchange.Scratch);
        writer.Text(1, Encoding.UTF8.GetBytes(model.Name));
        foreach (var entry in state.Catalog.Find(route.Model)!.All)
        {
            if (entry.State == ModelState.Ready)
                writer.Text(2, Encoding.UTF8.GetBytes(entry.Version));
        }
        writer.Text(3, Encoding.UTF8.GetBytes(ModelDocument.Platform));
        foreach (var port in model.Signature.Inputs)
            Tensor(ref writer, 4, port);
        foreach (var port in model.Signature.Outputs)
            Tensor(ref writer, 5, port);
        writer.Flush();
        Reply.Send(exchange, exchange.Scratch.Written);
        return ValueTask.CompletedTask;
    }

    private static void Tensor(ref ProtoWriter writer, int field, Port port)
    {
        var datatype = Encoding.UTF8.GetBytes(port.Datatype);
        var shape = port.Shape.Select(d => d.IsFixed ? d.Size : -1).ToArray();
        var packed = ProtoSize.Packed(shape);
        writer.Head(field, ProtoSize.Text(port.Utf8Name.Length) + ProtoSize.Bytes(datatype.Length) + ProtoSize.Text(packed));
        writer.Text(1, port.Utf8Name);
        writer.Bytes(2, datatype);
        writer.Packed(3, shape);
    }
}

/// <summary>A message whose field 1 is a bool.</summary>
internal static class Flag
{
    public static void Send(GrpcExchange exchange, bool value)
    {
        var writer = Reply.Begin(exchange.Answer, value ? 2u : 0u);
        writer.Bool(1, value);
        writer.Flush();
    }
}

internal static class MessageCheck
{
    /// <summary>A message without known fields; unknown ones are passed over.</summary>
    public static void Empty(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
            reader.Skip();
    }
}

/// <summary>ModelReadyRequest and ModelMetadataRequest.</summary>
internal static class NameAndVersion
{
    public static RestRoute Read(GrpcExchange exchange, ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> name = default, version = default;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Expect(WireType.Bytes, "name");
                    name = reader.Text();
                    break;
                case 2:
                    reader.Expect(WireType.Bytes, "version");
                    version = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return name.IsEmpty
            ? throw RequestException.Bad("\"name\" is missing: of the model that is meant.")
            : exchange.LastModel.Route(name, version);
    }
}
