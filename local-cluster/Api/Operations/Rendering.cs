using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Tables;

namespace Sluice.LocalCluster.Api.Operations;

/// <summary>What stands beside the items of a list.</summary>
internal sealed record ListHead(long Version, string Continue, long Remaining);

/// <summary>Objects as a client wants to see them.</summary>
/// <param name="kind">Their kind.</param>
/// <param name="version">The version of the request.</param>
/// <param name="representation">The shape.</param>
/// <param name="includeObject">What table rows carry of the object: Metadata, Object or None.</param>
/// <param name="now">For ages in tables.</param>
internal sealed class Rendering(IKind kind, string version, Representation representation, string includeObject, DateTimeOffset now)
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 1000 };

    readonly TableLayout? layout = representation == Representation.Table ? kind.Table(version) : null;

    string ApiVersion => GroupVersions.Join(kind.Info.Group, version);

    public byte[] One(StoredObject obj) => representation switch
    {
        Representation.Table => Table([obj], null, columns: true),
        Representation.Metadata or Representation.MetadataList => JsonText.Write(Metadata(obj.Value)),
        _ => Utf8(obj),
    };

    /// <summary>One object of a watch; only the first table of a watch has headings.</summary>
    public byte[] Watched(StoredObject obj, bool first) =>
        representation == Representation.Table ? Table([obj], null, columns: first) : One(obj);

    /// <summary>An object that says nothing but how far the watch has come.</summary>
    public byte[] Bookmark(long at, bool initialEnd)
    {
        var metadata = new JsonObject { ["resourceVersion"] = at.ToString() };
        if (initialEnd)
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        if (representation is Representation.Metadata or Representation.MetadataList)
            return JsonText.Write(PartialMetadata(metadata));
        if (representation == Representation.Table)
            return JsonText.Write(new JsonObject { ["kind"] = "Table", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = metadata, ["columnDefinitions"] = null, ["rows"] = new JsonArray() });
        return JsonText.Write(new JsonObject { ["kind"] = kind.Info.Kind, ["apiVersion"] = ApiVersion, ["metadata"] = metadata });
    }

    public byte[] Many(IReadOnlyList<StoredObject> objects, ListHead head)
    {
        if (representation == Representation.Table)
            return Table(objects, head, columns: true);
        var partial = representation is Representation.Metadata or Representation.MetadataList;
        var buffer = new ArrayBufferWriter<byte>(256 + (objects.Count * 1024));
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", partial ? "PartialObjectMetadataList" : kind.Info.ListKind);
            writer.WriteString("apiVersion", partial ? "meta.k8s.io/v1" : ApiVersion);
            WriteHead(writer, head);
            writer.WriteStartArray("items");
            foreach (var obj in objects)
                writer.WriteRawValue(partial ? JsonText.Write(Metadata(obj.Value)) : Item(obj), skipInputValidation: true);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Items of built-in kinds do not say their kind, as their typed encoders never did.</summary>
    ReadOnlySpan<byte> Item(StoredObject obj)
    {
        var whole = Utf8(obj);
        if (kind.Type is null)
            return whole;
        var head = Encoding.UTF8.GetBytes($"{{\"apiVersion\":\"{ApiVersion}\",\"kind\":\"{kind.Info.Kind}\",");
        if (!whole.AsSpan().StartsWith(head))
            return whole;
        var item = new byte[whole.Length - head.Length + 1];
        item[0] = (byte)'{';
        whole.AsSpan(head.Length).CopyTo(item.AsSpan(1));
        return item;
    }

    byte[] Utf8(StoredObject obj)
    {
        var converted = kind.Convert(obj.Value, version);
        return ReferenceEquals(converted, obj.Value) ? obj.Utf8 : JsonText.Write(converted);
    }

    byte[] Table(IReadOnlyList<StoredObject> objects, ListHead? head, bool columns)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", "Table");
            writer.WriteString("apiVersion", "meta.k8s.io/v1");
            WriteHead(writer, head ?? new ListHead(objects.Count > 0 ? objects[0].Version : 0, "", 0));
            if (columns)
                WriteColumns(writer);
            else
                writer.WriteNull("columnDefinitions");
            writer.WriteStartArray("rows");
            foreach (var obj in objects)
                WriteRow(writer, obj);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    void WriteColumns(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("columnDefinitions");
        foreach (var column in layout!.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            writer.WriteString("type", column.Type);
            writer.WriteString("format", column.Format);
            writer.WriteString("description", column.Description);
            writer.WriteNumber("priority", column.Priority);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    void WriteRow(Utf8JsonWriter writer, StoredObject obj)
    {
        var value = kind.Convert(obj.Value, version);
        writer.WriteStartObject();
        writer.WriteStartArray("cells");
        foreach (var cell in layout!.Cells(new Row(value, now)))
        {
            if (cell is null)
                writer.WriteNullValue();
            else
                cell.WriteTo(writer);
        }

        writer.WriteEndArray();
        if (includeObject != "None")
        {
            writer.WritePropertyName("object");
            writer.WriteRawValue(includeObject == "Object" ? Utf8(obj) : JsonText.Write(Metadata(value)), skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    static void WriteHead(Utf8JsonWriter writer, ListHead head)
    {
        writer.WriteStartObject("metadata");
        writer.WriteString("resourceVersion", head.Version.ToString());
        if (head.Continue.Length > 0)
            writer.WriteString("continue", head.Continue);
        if (head.Remaining > 0)
            writer.WriteNumber("remainingItemCount", head.Remaining);
        writer.WriteEndObject();
    }

    static JsonObject Metadata(JsonObject obj) => PartialMetadata(obj["metadata"]?.DeepClone());

    static JsonObject PartialMetadata(JsonNode? metadata) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = metadata,
    };
}
