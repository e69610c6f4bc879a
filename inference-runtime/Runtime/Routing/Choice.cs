using System.Security.Cryptography;
using Sluice.Contract;

namespace Sluice.Runtime.Routing;

/// <summary>Where a request goes.</summary>
/// <param name="Target">Null: it is answered here and is none of the split's business.</param>
/// <param name="Asked">The caller named the revision, and wants no other's answer.</param>
/// <param name="Unknown">The revision that the caller named and that the split does not.</param>
internal readonly record struct Chosen(RouteTarget? Target, bool Asked = false, string? Unknown = null);

/// <summary>Decides for each request which revision answers it.</summary>
/// <param name="draws">For requests that no header decides.</param>
internal sealed class Choice(Draws draws)
{
    public static Choice Random() => new(new Draws(RandomSeed(), Draws.Golden));

    public static ulong RandomSeed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    public Chosen Of(SplitTable table, IHeaderDictionary headers)
    {
        // What was passed on is answered: two pods whose splits differ must not play ball.
        if (table.Divides && headers.ContainsKey(Headers.Forwarded))
            return default;
        if (headers.TryGetValue(Headers.Revision, out var asked) && !headers.ContainsKey(Headers.Forwarded))
            return Named(table, asked.ToString());
        return table.Divides ? new Chosen(table.Pick(Bucket(table, headers))) : default;
    }

    private static Chosen Named(SplitTable table, string revision) => table.Find(revision) switch
    {
        { } target => new Chosen(target, Asked: true),
        null when revision == table.Own => default,
        null => new Chosen(null, Asked: true, revision),
    };

    private int Bucket(SplitTable table, IHeaderDictionary headers) =>
        table.Assignment is { } assignment && headers.TryGetValue(assignment.Header, out var user) && user.Count > 0
            ? SplitBuckets.Of(assignment.Salt, user.ToString())
            : draws.Next();
}
