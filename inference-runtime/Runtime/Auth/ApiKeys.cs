using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using Sluice.Contract;
using Sluice.Runtime.Hosting;

namespace Sluice.Runtime.Auth;

/// <summary>
/// The bearer keys (RFC 6750) that callers may show: a folder with a file for each caller. It is looked at again and
/// again, so that a key is added, and taken away, without a restart. A folder that cannot be read changes nothing; one
/// that has become empty admits nobody.
/// </summary>
internal sealed class ApiKeys : IAsyncDisposable
{
    private const string Scheme = "Bearer ";
    private const int LongestKey = 4096;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string folder;
    private readonly ILogger logger;
    private readonly Recurring looking;

    // Hashes are of one length, so that a comparison tells nothing of a key, its length included.
    private byte[][] accepted = [];
    private string? problem;

    /// <param name="folder">Each file in it is a key; its name is the caller's. Names that begin with a dot are none.</param>
    public ApiKeys(string folder, ILogger logger, TimeProvider time) =>
        (this.folder, this.logger, looking) = (folder, logger, new Recurring(Look, Interval, time));

    /// <summary>Reads the keys, and from then on their changes.</summary>
    /// <exception cref="FailureException">There are none: a server that nobody may ask is a mistake.</exception>
    public void Start()
    {
        Look();
        if (accepted.Length == 0)
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions,
                $"{folder} holds no key{(problem is null ? "" : $" ({problem})")}. Each file in it is a caller's; in a cluster they are the values of the Secret that predictor.auth.apiKeysSecret names.");
        }
        looking.Start();
    }

    public bool Admits(StringValues authorization)
    {
        var text = authorization.Count == 1 ? authorization.ToString() : string.Empty;
        if (text.Length > LongestKey + Scheme.Length || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var hash = Hash(text.AsSpan(Scheme.Length).Trim());
        var admitted = false;
        // All of them, so that the time taken does not say which one was close.
        foreach (var key in Volatile.Read(ref accepted))
            admitted |= CryptographicOperations.FixedTimeEquals(key, hash);
        return admitted;
    }

    public ValueTask DisposeAsync() => looking.DisposeAsync();

    private void Look()
    {
        try
        {
            var keys = Directory.EnumerateFiles(folder)
                .Where(static f => !Path.GetFileName(f).StartsWith('.'))
                .Order(StringComparer.Ordinal)
                .Select(static f => File.ReadAllText(f).Trim())
                .Where(static key => key.Length is > 0 and <= LongestKey)
                .Select(static key => Hash(key))
                .ToArray();
            problem = null;
            var before = accepted;
            if (keys.Length == before.Length && keys.Zip(before).All(static pair => pair.First.AsSpan().SequenceEqual(pair.Second)))
                return;
            Volatile.Write(ref accepted, keys);
            Log.KeysAccepted(logger, keys.Length, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (problem == e.Message)
                return;
            problem = e.Message;
            Log.KeysUnreadable(logger, folder, e.Message);
        }
    }

    private static byte[] Hash(ReadOnlySpan<char> key)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(key.Length)];
        return SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(key, bytes)]);
    }
}
