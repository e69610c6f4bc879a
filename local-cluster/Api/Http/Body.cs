using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Types;

namespace Sluice.LocalCluster.Api.Http;

/// <summary>Reads the bodies of requests: JSON, YAML, and the protobuf of typed Go clients.</summary>
internal static class Body
{
    /// <summary>As an API server behind etcd: larger objects are refused.</summary>
    const int Limit = 3 * 1024 * 1024;

    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        if (request.ContentLength > Limit)
            throw TooLarge();
        using var buffer = new MemoryStream((int)(request.ContentLength ?? 4096));
        var chunk = new byte[16 * 1024];
        while (await request.Body.ReadAsync(chunk, stop) is > 0 and var read)
        {
            if (buffer.Length + read > Limit)
                throw TooLarge();
            await buffer.WriteAsync(chunk.AsMemory(0, read), stop);
        }

        return buffer.ToArray();
    }

    public static string MediaType(HttpRequest request) =>
        (request.ContentType ?? "application/json").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>An object of a kind.</summary>
    /// <param name="request">The request, for its content type.</param>
    /// <param name="body">Its body.</param>
    /// <param name="type">The type that a protobuf message must have; null for custom kinds, which have no protobuf form.</param>
    /// <param name="reading">Collects duplicate members.</param>
    public static JsonObject Object(HttpRequest request, byte[] body, ObjectType? type, Reading reading) => MediaType(request) switch
    {
        "application/json" or "" or "application/x-www-form-urlencoded" => Json(body, reading),
        "application/yaml" or "application/x-yaml" or "text/yaml" => YamlObject(body),
        "application/vnd.kubernetes.protobuf" when type is not null => Protobuf(body, type),
        var other => throw ApiException.UnsupportedMediaType(other, "application/json", "application/yaml"),
    };

    /// <summary>A body that may be JSON or YAML whatever its type says, as apply patches are.</summary>
    public static JsonObject JsonOrYaml(byte[] body, Reading reading) =>
        body.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8) ? Json(body, reading) : YamlObject(body);

    public static JsonObject Json(byte[] body, Reading reading)
    {
        try
        {
            return JsonText.ParseObject(body, reading.Duplicates);
        }
        catch (JsonException error)
        {
            throw ApiException.BadRequest($"couldn't get version/kind; json parse error: {error.Message}");
        }
    }

    /// <summary>Any JSON value, for patches.</summary>
    public static JsonNode? AnyJson(byte[] body)
    {
        try
        {
            return JsonText.Parse(body);
        }
        catch (JsonException error)
        {
            throw ApiException.BadRequest($"error decoding patch: {error.Message}");
        }
    }

    static JsonObject YamlObject(byte[] body)
    {
        try
        {
            // Through text, so that numbers have one form in the store.
            return Yaml.Read(Encoding.UTF8.GetString(body)) is [JsonObject only, ..]
                ? JsonText.ParseObject(JsonText.Write(only))
                : throw ApiException.BadRequest("the body holds no YAML object");
        }
        catch (FormatException error)
        {
            throw ApiException.BadRequest($"error converting YAML to JSON: {error.Message}");
        }
    }

    static JsonObject Protobuf(byte[] body, ObjectType type)
    {
        try
        {
            var (apiVersion, kind, raw) = ProtobufReader.Envelope(body);
            var message = ProtobufReader.Message(kind == "DeleteOptions" ? TypeTable.BuiltIn["meta.DeleteOptions"] : type, raw);
            message["apiVersion"] = apiVersion;
            message["kind"] = kind;
            return message;
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException)
        {
            throw ApiException.BadRequest($"couldn't decode the protobuf body: {error.Message}");
        }
    }

    static ApiException TooLarge() =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {Limit}");
}
