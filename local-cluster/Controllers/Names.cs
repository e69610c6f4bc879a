using System.Globalization;
using System.Text;

namespace Sluice.LocalCluster.Controllers;

/// <summary>Suffixes in Kubernetes' alphabet, which has no vowels and so makes no words.</summary>
internal static class Names
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary><c>base-xxxxx</c>, the base cut so that the whole is a valid name.</summary>
    internal static string Generate(string baseName, Random random)
    {
        Span<char> suffix = stackalloc char[5];
        lock (random)
        {
            foreach (ref var c in suffix)
                c = Alphabet[random.Next(Alphabet.Length)];
        }
        return $"{(baseName.Length > 57 ? baseName[..57] : baseName)}-{suffix}";
    }

    /// <summary>A hash as a label value, each digit of the number replaced by a letter of the alphabet.</summary>
    internal static string Encode(uint hash) =>
        string.Concat(hash.ToString(CultureInfo.InvariantCulture).Select(c => Alphabet[c % Alphabet.Length]));

    /// <summary>FNV-1a, 32 bits.</summary>
    internal static uint Hash(string text)
    {
        var hash = 2166136261;
        foreach (var b in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ b) * 16777619;
        return hash;
    }
}
