using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Sluice.Conformance.Values;
using Sluice.Conformance.World;

namespace Sluice.Conformance.Wire;

/// <summary>
/// inference.GRPCInferenceService/ModelInfer over HTTP/2 without TLS, encoded by hand from open_inference_grpc.proto:
/// tensors in typed contents, or in raw_input_contents. Answers are read in whichever form they come.
/// </summary>
sealed class GrpcTransport(HttpClient client, Uri server, bool raw) : Transport
{
    const int InvalidArgument = 3;
    const int Unimplemented = 12;

    public override string Name => raw ? "gRPC raw" : "gRPC typed";

    public override bool IsTyped => !raw;

    protected override async Task<Answer> SendAsync(PreparedCase of)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(server, "inference.GRPCInferenceService/ModelInfer"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Frame(Request(of).ToArray())),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Add("te", "trailers");
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        if (response.StatusCode != HttpStatusCode.OK)
            return new Answer(Verdict.Broken, (int)response.StatusCode, "HTTP instead of gRPC", []);
        var code = int.Parse(Trailer(response, "grpc-status") ?? throw new InvalidDataException("no grpc-status"));
        if (code != 0)
        {
            var verdict = code is InvalidArgument or Unimplemented ? Verdict.Refused : Verdict.Broken;
            return new Answer(verdict, code, Uri.UnescapeDataString(Trailer(response, "grpc-message") ?? ""), []);
        }
        return Answered(of, Outputs(Message(body)));
    }

    ProtoMessage Request(PreparedCase of)
    {
        var request = new ProtoMessage().Text(1, of.Name);
        var inputs = Inputs(of).ToList();
        foreach (var input in inputs)
            request.Message(5, Tensor(input));
        if (raw)
            inputs.ForEach(i => request.Bytes(7, TensorBinary.Write(i.Tensor)));
        return request;
    }

    ProtoMessage Tensor(WireTensor input)
    {
        var tensor = new ProtoMessage()
            .Text(1, input.Name)
            .Text(2, Datatypes.Name(input.Tensor.Type))
            .Packed(3, input.Tensor.Shape.Select(d => (ulong)d));
        if (input.IsJson)
            tensor.Message(4, Parameter("content_type", new ProtoMessage().Text(3, "application/json")));
        if (input.IsAbsent)
            tensor.Message(4, Parameter("absent", new ProtoMessage().Varint(1, 1)));
        return raw ? tensor : tensor.Message(5, GrpcContents.Write(input.Tensor));
    }

    /// <summary>An entry of a protobuf map: key 1, value 2.</summary>
    static ProtoMessage Parameter(string name, ProtoMessage value) => new ProtoMessage().Text(1, name).Message(2, value);

    static List<WireTensor> Outputs(ReadOnlyMemory<byte> message)
    {
        var fields = Proto.Read(message);
        var raws = Proto.Messages(fields, 6).ToList();
        var outputs = Proto.Messages(fields, 5).ToList();
        if (raws.Count > 0 && raws.Count != outputs.Count)
            throw new InvalidDataException($"{raws.Count} raw contents for {outputs.Count} outputs");
        return [.. outputs.Select((o, i) => Output(Proto.Read(o), raws.Count > 0 ? raws[i] : default(ReadOnlyMemory<byte>?)))];
    }

    static WireTensor Output(List<ProtoField> fields, ReadOnlyMemory<byte>? raw)
    {
        var type = Datatypes.Find(Proto.Text(fields, 2));
        var shape = Proto.Varints(fields, 3).Select(d => (long)d).ToArray();
        var tensor = raw is { } bytes
            ? TensorBinary.Read(bytes, type, shape)
            : GrpcContents.Read(Proto.Messages(fields, 5).LastOrDefault(), type, shape);
        var parameters = Proto.Messages(fields, 4).Select(m => Proto.Read(m))
            .ToDictionary(p => Proto.Text(p, 1), p => Proto.Read(Proto.Messages(p, 2).LastOrDefault()));
        return new WireTensor(
            Proto.Text(fields, 1),
            tensor,
            parameters.TryGetValue("content_type", out var content) && Proto.Text(content, 3) == "application/json",
            parameters.TryGetValue("absent", out var absent) && Proto.Varints(absent, 1).LastOrDefault() == 1);
    }

    static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    static ReadOnlyMemory<byte> Message(byte[] body)
    {
        if (body.Length < 5 || body[0] != 0 || BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)) != body.Length - 5)
            throw new InvalidDataException($"{body.Length} bytes are not one uncompressed gRPC message");
        return body.AsMemory(5);
    }

    /// <summary>Behind the body, or among the headers when there is none.</summary>
    static string? Trailer(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values)
            ? values.First()
            : null;
}
