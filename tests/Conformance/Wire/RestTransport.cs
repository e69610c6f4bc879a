using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sluice.Conformance.Values;
using Sluice.Conformance.World;

namespace Sluice.Conformance.Wire;

/// <summary>V2 over REST: all tensors in the JSON, or all behind it as the binary tensor extension has it.</summary>
sealed class RestTransport(HttpClient client, Uri server, bool binary) : Transport
{
    const string LengthHeader = "Inference-Header-Content-Length";

    public override string Name => binary ? "REST binary" : "REST JSON";

    public override bool IsTyped => !binary;

    protected override async Task<Answer> SendAsync(PreparedCase of)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, $"v2/models/{of.Name}/infer"))
        {
            Content = Body([.. Inputs(of)]),
        };
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var status = (int)response.StatusCode;
        if (status != 200)
            return new Answer(status is >= 400 and < 500 ? Verdict.Refused : Verdict.Broken, status, Error(body), []);
        var json = response.Headers.TryGetValues(LengthHeader, out var lengths)
            ? int.Parse(lengths.Single())
            : body.Length;
        return Answered(of, Outputs(body, json));
    }

    ByteArrayContent Body(List<WireTensor> inputs)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (binary)
            {
                json.WriteStartObject("parameters");
                json.WriteBoolean("binary_data_output", true);
                json.WriteEndObject();
            }
            json.WriteStartArray("inputs");
            inputs.ForEach(i => Write(json, i));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        var length = stream.Length;
        if (binary)
            inputs.ForEach(i => stream.Write(TensorBinary.Write(i.Tensor)));
        var content = new ByteArrayContent(stream.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(binary ? "application/octet-stream" : "application/json");
        if (binary)
            content.Headers.Add(LengthHeader, length.ToString());
        return content;
    }

    void Write(Utf8JsonWriter json, WireTensor input)
    {
        json.WriteStartObject();
        json.WriteString("name", input.Name);
        json.WriteString("datatype", Datatypes.Name(input.Tensor.Type));
        json.WriteStartArray("shape");
        foreach (var size in input.Tensor.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartObject("parameters");
        if (binary)
            json.WriteNumber("binary_data_size", TensorBinary.Write(input.Tensor).Length);
        if (input.IsJson)
            json.WriteString("content_type", "application/json");
        if (input.IsAbsent)
            json.WriteBoolean("absent", true);
        json.WriteEndObject();
        if (!binary)
        {
            json.WritePropertyName("data");
            TensorJson.WriteFlat(json, input.Tensor);
        }
        json.WriteEndObject();
    }

    static List<WireTensor> Outputs(byte[] body, int jsonLength)
    {
        using var document = JsonDocument.Parse(body.AsMemory(0, jsonLength));
        var outputs = new List<WireTensor>();
        var at = jsonLength;
        foreach (var output in document.RootElement.GetProperty("outputs").EnumerateArray())
        {
            var type = Datatypes.Find(output.GetProperty("datatype").GetString()!);
            var shape = output.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
            var size = Parameter(output, "binary_data_size") is { ValueKind: JsonValueKind.Number } s ? s.GetInt32() : -1;
            Tensor tensor;
            if (size < 0)
            {
                tensor = TensorJson.Read(output.GetProperty("data"), type, shape);
            }
            else
            {
                tensor = TensorBinary.Read(body.AsMemory(at, size), type, shape);
                at += size;
            }
            outputs.Add(new WireTensor(
                output.GetProperty("name").GetString()!,
                tensor,
                Parameter(output, "content_type") is { ValueKind: JsonValueKind.String } c && c.GetString() == "application/json",
                Parameter(output, "absent") is { ValueKind: JsonValueKind.True }));
        }
        return at == body.Length
            ? outputs
            : throw new InvalidDataException($"{body.Length - at} bytes follow the last output");
    }

    static JsonElement? Parameter(JsonElement output, string name) =>
        output.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty(name, out var value) ? value : null;

    static string Error(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.GetProperty("error").GetString()!;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Not the protocol's form: that is shown as it came, and no test expects it.
            return "not an error document: " + Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(200, body.Length)));
        }
    }
}
