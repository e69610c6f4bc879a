using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Storage;

/// <summary>One version of one object, in its storage version. Immutable: <see cref="Value"/> must never be changed.</summary>
internal sealed class StoredObject(JsonObject value, long version)
{
    byte[]? utf8;
    Dictionary<string, string>? labels;

    public JsonObject Value { get; } = value;

    public long Version { get; } = version;

    public string Name { get; } = value.Text("metadata", "name") ?? "";

    public string Namespace { get; } = value.Text("metadata", "namespace") ?? "";

    public string Uid { get; } = value.Text("metadata", "uid") ?? "";

    public string Key => KeyOf(Namespace, Name);

    public IReadOnlyDictionary<string, string> Labels => labels ??= Value.Strings("metadata", "labels");

    /// <summary>The text of <see cref="Value"/>, made once for all who read it.</summary>
    public byte[] Utf8 => utf8 ??= JsonText.Write(Value);

    public static string KeyOf(string ns, string name) => ns.Length == 0 ? name : $"{ns}/{name}";
}

internal enum ChangeKind { Added, Modified, Deleted }

/// <summary>One entry of a collection's history.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Object">The object after it, for a deletion the last state with the version of the deletion.</param>
/// <param name="Before">The object before it; null when it was added.</param>
internal sealed record Change(ChangeKind Kind, StoredObject Object, StoredObject? Before)
{
    public long Version => Object.Version;
}
