using System.Security.Cryptography;
using System.Text;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Events;

/// <summary>Something that happened once.</summary>
internal sealed record Occurrence(
    ObjectReference Regarding, string Type, string Reason, string Action, string Note, DateTimeOffset At)
{
    /// <summary>
    /// The event's name, equal for equal events: a restarted process finds the series it began earlier, and two
    /// writers agree without talking.
    /// </summary>
    public string Name { get; } = EventText.Cut(Regarding.Name ?? "", MaxPrefix) + "." + Hash(
        Regarding.ApiVersion, Regarding.Kind, Regarding.Namespace, Regarding.Name, Regarding.Uid, Type, Reason, Action, Note);

    /// <summary>Events live beside what they are about; those of cluster-wide objects in <c>default</c>.</summary>
    public string Namespace => string.IsNullOrEmpty(Regarding.Namespace) ? "default" : Regarding.Namespace;

    // A name has at most 253 characters, of which the dot and the hash take 17.
    private const int MaxPrefix = 236;

    private static string Hash(params ReadOnlySpan<string?> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, 8));
}

internal static class EventText
{
    /// <summary>Bytes of a note, a limit of events.k8s.io/v1.</summary>
    public const int MaxNote = 1024;

    /// <summary>Bytes of reason, action and reporting instance.</summary>
    public const int MaxWord = 128;

    /// <summary>At most so many bytes of UTF-8, never half a character.</summary>
    public static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
            return text;
        var length = 0;
        var taken = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (taken + rune.Utf8SequenceLength > bytes)
                break;
            taken += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
