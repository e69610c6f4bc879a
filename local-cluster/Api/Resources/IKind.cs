using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Apply;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Resources;

/// <summary>What the server has to know of a kind: built in, or defined by a CustomResourceDefinition.</summary>
internal interface IKind
{
    ResourceInfo Info { get; }

    /// <summary>The served versions, the preferred one first.</summary>
    IReadOnlyList<ServedVersion> Versions { get; }

    /// <summary>The version in which objects are stored.</summary>
    string StorageVersion { get; }

    Collection Objects { get; }

    /// <summary>The built-in type, for strategic merge patches and protobuf; null for custom kinds.</summary>
    ObjectType? Type { get; }

    /// <summary>The books of field owners for one version and door.</summary>
    FieldOwnership Ownership(string version, string subresource);

    /// <summary>The schema by which server-side apply merges, and which OpenAPI shows.</summary>
    SchemaNode Schema(string version);

    /// <summary>Brings a sent object into form: unknown fields dropped and noted.</summary>
    /// <exception cref="TypeMismatchException">A value has the wrong type.</exception>
    JsonObject Read(string version, JsonObject sent, Reading reading);

    /// <summary>Puts in defaults; may change the object.</summary>
    JsonObject Default(string version, JsonObject obj);

    /// <summary>The object in another version; the same object when there is nothing to convert.</summary>
    JsonObject Convert(JsonObject obj, string version);

    /// <summary>Sets what the server decides: on create, and after an update when the spec has changed.</summary>
    void Prepare(Write write);

    /// <summary>Findings that forbid the write.</summary>
    IEnumerable<FieldError> Validate(string version, Write write);

    bool SupportsField(string version, string field);

    /// <summary>The value of a field that selectors may name; null when it is not set.</summary>
    string? FieldValue(string version, JsonObject obj, string field);

    TableLayout Table(string version);
}
