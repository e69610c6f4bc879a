using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Reconcile;

/// <summary>
/// What the server made of our last write of each object. Only a shortcut: a process that has forgotten it writes once
/// more, and the server finds that nothing changes.
/// </summary>
internal sealed class WriteMemory
{
    readonly ConcurrentDictionary<(ResourceKind Kind, ObjectKey Key), (byte[] Wanted, byte[] Live)> answers = new();

    /// <summary>Whether the object is as we want it, as far as our fields go.</summary>
    public bool IsAsWanted<T>(T wanted, T live)
        where T : class, IKubeObject<T>
    {
        var ours = JsonSerializer.SerializeToElement(wanted, T.JsonType);
        var theirs = JsonSerializer.SerializeToElement(live, T.JsonType);
        if (OwnedFields.Hold(ours, theirs))
            return true;
        return answers.TryGetValue((T.Kind, wanted.Metadata.Key), out var known)
            && known.Wanted.AsSpan().SequenceEqual(Hash(CanonicalJson.Of(ours)))
            && known.Live.AsSpan().SequenceEqual(HashProjection(ours, theirs));
    }

    public void Remember<T>(T wanted, T answer)
        where T : class, IKubeObject<T>
    {
        var ours = JsonSerializer.SerializeToElement(wanted, T.JsonType);
        var theirs = JsonSerializer.SerializeToElement(answer, T.JsonType);
        if (!OwnedFields.Hold(ours, theirs))
            answers[(T.Kind, wanted.Metadata.Key)] = (Hash(CanonicalJson.Of(ours)), HashProjection(ours, theirs));
    }

    public void Forget(ResourceKind kind, ObjectKey key) => answers.TryRemove((kind, key), out _);

    static byte[] HashProjection(JsonElement wanted, JsonElement live)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            OwnedFields.Project(writer, wanted, live);
        return Hash(buffer.ToArray());
    }

    static byte[] Hash(byte[] data) => SHA256.HashData(data);
}
