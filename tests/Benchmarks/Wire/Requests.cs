using System.Buffers.Binary;
using System.Text;
using Sluice.Support.Models;

namespace Sluice.Benchmarks.Wire;

/// <summary>The same row of iris for every protocol, as files that the generators send.</summary>
internal sealed class Requests : IDisposable
{
    public const string V2Json = """{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}""";
    public const string V1Json = """{"instances":[[5.1,3.5,1.4,0.2]]}""";
    private const string BinaryJson =
        """{"parameters":{"binary_data_output":true},"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16}}]}""";
    private static readonly float[] Row = [5.1f, 3.5f, 1.4f, 0.2f];

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-bench").FullName;

    public Requests()
    {
        var raw = Row.SelectMany(BitConverter.GetBytes).ToArray();
        V2 = Script("v2", Encoding.UTF8.GetBytes(V2Json), "application/json");
        V1 = Script("v1", Encoding.UTF8.GetBytes(V1Json), "application/json");
        Binary = Script(
            "binary", [.. Encoding.UTF8.GetBytes(BinaryJson), .. raw], "application/octet-stream", $"{BinaryJson.Length}");
        Batch = Rows("batch", MlpModel.Batch);
        Single = Rows("single", 1);
        var input = new ProtoBuilder().Text(1, "input").Text(2, "FP32").Number(3, 1).Number(3, 4);
        var message = new ProtoBuilder().Text(1, "iris").Message(5, input).Bytes(7, raw).ToArray();
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        Grpc = Path.Combine(folder, "grpc.bin");
        File.WriteAllBytes(Grpc, frame);
    }

    public string V1 { get; }

    public string V2 { get; }

    public string Binary { get; }

    public string Grpc { get; }

    /// <summary>A batch for <see cref="MlpModel"/>.</summary>
    public string Batch { get; }

    /// <summary>A row for it.</summary>
    public string Single { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Rows(string name, int rows)
    {
        var json = $$$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"x","shape":[{{{rows}}},{{{MlpModel.Features}}}],"datatype":"FP32"}]}""";
        return Script(name, [.. Encoding.UTF8.GetBytes(json), .. MlpModel.Elements(rows)], "application/octet-stream", $"{json.Length}");
    }

    private string Script(string name, byte[] body, string type, string? jsonLength = null)
    {
        var lua = new StringBuilder("wrk.method=\"POST\"\n").Append($"wrk.headers[\"Content-Type\"]=\"{type}\"\n");
        if (jsonLength is not null)
            lua.Append($"wrk.headers[\"Inference-Header-Content-Length\"]=\"{jsonLength}\"\n");
        lua.Append("wrk.body=\"").AppendJoin("", body.Select(b => $"\\{b:000}")).Append("\"\n");
        var file = Path.Combine(folder, name + ".lua");
        File.WriteAllText(file, lua.ToString());
        return file;
    }
}
