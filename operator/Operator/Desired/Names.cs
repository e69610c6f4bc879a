using System.Security.Cryptography;

namespace Sluice.Operator.Desired;

/// <summary>What the children of a service are called. Deterministic, so that a second attempt finds what the first made.</summary>
internal static class Names
{
    /// <summary>Names are also label values and host names.</summary>
    public const int Limit = 63;

    // Without vowels, 0, 1 and 3, which look like letters: no words come out, none is misread.
    const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";
    const int HashLength = 8;

    public static string Preview(string service) => Child(service, "preview");

    public static string Split(string service) => Child(service, "split");

    /// <summary>The record of one attempt.</summary>
    public static string Attempt(string service, int attempt) =>
        Child(service, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"attempt-{attempt}"));

    /// <summary>The revision's own copy of the golden answers.</summary>
    public static string Golden(string revision) => $"{revision}-golden";

    /// <summary>The revision's own copy of the baseline.</summary>
    public static string Baseline(string revision) => $"{revision}-baseline";

    /// <summary>
    /// The revision's name. It depends on the inputs alone: neither on the operator's version nor on the runtime image,
    /// so that an upgrade of either restarts no pod.
    /// </summary>
    public static string Revision(string service, RevisionInputs inputs) =>
        Child(service, Hash(CanonicalJson.Of(inputs, RevisionJson.Default.RevisionInputs), HashLength));

    /// <summary>
    /// The Job of one attempt at a ModelVersion. The object's identity is part of it: a ModelVersion that was deleted
    /// and made again is another one, and must not read what was found about the first.
    /// </summary>
    public static string Verification(string version, string uid, int attempt) => Child(
        version.Replace('.', '-'),
        "verify-" + Hash(System.Text.Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{uid}/{attempt}")), 5));

    /// <summary>What drift, or a drop of quality, led to at a time: the name of its Job, the id of its CloudEvent.</summary>
    public static string Reaction(string service, string word, string uid, DateTimeOffset time) => Child(
        service, $"{word}-" + Hash(System.Text.Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{uid}/{time.ToUnixTimeSeconds()}")), HashLength));

    /// <summary><c>SERVICE-SUFFIX</c>; a service's name that is too long is cut, and told apart by its hash.</summary>
    static string Child(string service, string suffix)
    {
        var name = $"{service}-{suffix}";
        if (name.Length <= Limit)
            return name;
        var mark = Hash(System.Text.Encoding.UTF8.GetBytes(service), 5);
        var room = Limit - suffix.Length - mark.Length - 2;
        return $"{service[..room].TrimEnd('-', '.')}-{mark}-{suffix}";
    }

    static string Hash(ReadOnlySpan<byte> data, int length)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, digest);
        var number = BitConverter.ToUInt64(digest);
        return string.Create(length, number, static (text, rest) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[(int)(rest % (ulong)Alphabet.Length)];
                rest /= (ulong)Alphabet.Length;
            }
        });
    }
}
