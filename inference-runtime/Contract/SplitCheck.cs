using System.Buffers;
using System.Globalization;

namespace Sluice.Contract;

/// <summary>Whether a split document can be applied.</summary>
public static class SplitCheck
{
    private const int Whole = 100;
    private static readonly SearchValues<char> HeaderName =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>What is wrong, and where; null when nothing is.</summary>
    public static string? Problem(SplitDocument document)
    {
        if (document.Generation < 1)
            return $"generation is {document.Generation}; it counts from 1.";
        if (document.Shares is not { Count: > 0 } shares)
            return "shares is empty; it needs at least one revision.";
        for (var i = 0; i < shares.Count; i++)
        {
            if (OfShare(shares[i], i) is { } problem)
                return problem;
        }
        var sum = shares.Sum(s => s.Percent);
        if (sum != Whole)
            return $"the percents of shares sum to {sum}, not to {Whole}.";
        if (shares.GroupBy(s => s.Revision).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return $"shares names {twice.Key} {twice.Count()} times; once is enough.";
        return OfShadow(document) ?? OfAssignment(document.Assignment);
    }

    private static string? OfShare(SplitShare? share, int index)
    {
        var where = $"shares[{index}]";
        if (share is null)
            return $"{where} is null.";
        if (!IsRevision(share.Revision))
            return $"{where}.revision is not a name.";
        if (share.Percent is < 0 or > Whole)
            return $"{where}.percent is {share.Percent}, not 0 to {Whole}.";
        if (share.TimeoutMilliseconds is <= 0)
            return $"{where}.timeoutMilliseconds is {share.TimeoutMilliseconds}, not above 0.";
        // The first share is answered where it is drawn; the others have to be sent somewhere.
        var sent = index > 0 && share.Percent > 0;
        return OfAuthority(share.Http, $"{where}.http", sent) ?? OfAuthority(share.Grpc, $"{where}.grpc", sent);
    }

    private static string? OfShadow(SplitDocument document)
    {
        if (document.Shadow is not { } shadow)
            return null;
        if (!IsRevision(shadow.Revision))
            return "shadow.revision is not a name.";
        if (shadow.Percent is < 0 or > Whole)
            return $"shadow.percent is {shadow.Percent}, not 0 to {Whole}.";
        if (shadow.Revision == document.Shares[0].Revision)
            return $"shadow.revision is {shadow.Revision}, which would shadow itself.";
        return OfAuthority(shadow.Http, "shadow.http", needed: true) ?? OfAuthority(shadow.Grpc, "shadow.grpc", needed: true)
            ?? OfFloor(shadow.Floor) ?? (shadow.Tolerances ?? []).Select(OfTolerance).FirstOrDefault(static p => p is not null);
    }

    private static string? OfFloor(SplitFloor? floor) => floor switch
    {
        null => null,
        { Percent: < 0 or > Whole } => $"shadow.floor.percent is {floor.Percent}, not 0 to {Whole}.",
        _ => OfAuthority(floor.Http, "shadow.floor.http", needed: true) ?? OfAuthority(floor.Grpc, "shadow.floor.grpc", needed: true),
    };

    private static string? OfTolerance(OutputTolerance? tolerance, int index) => tolerance switch
    {
        null => $"shadow.tolerances[{index}] is null.",
        { Relative: not (null or >= 0) } => $"shadow.tolerances[{index}].relative is {tolerance.Relative}, which is negative or no number.",
        { Absolute: not (null or >= 0) } => $"shadow.tolerances[{index}].absolute is {tolerance.Absolute}, which is negative or no number.",
        _ => null,
    };

    private static string? OfAssignment(SplitAssignment? assignment) => assignment switch
    {
        null => null,
        { Header: not { Length: > 0 } } => "assignment.header is empty.",
        _ when assignment.Header.AsSpan().ContainsAnyExcept(HeaderName) =>
            $"assignment.header \"{assignment.Header}\" is not the name of a header.",
        { Salt: null } => "assignment.salt is null.",
        _ => null,
    };

    private static string? OfAuthority(string? authority, string where, bool needed)
    {
        if (authority is null)
            return needed ? $"{where} is missing: HOST:PORT of the revision's Service." : null;
        var colon = authority.LastIndexOf(':');
        return colon > 0
            && Uri.CheckHostName(authority[..colon].Trim('[', ']')) != UriHostNameType.Unknown
            && ushort.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port > 0
            ? null
            : $"{where} is \"{authority}\", not HOST:PORT.";
    }

    /// <summary>It goes into a header and into labels.</summary>
    private static bool IsRevision(string? name) =>
        name is { Length: > 0 and <= 253 } && !name.AsSpan().ContainsAnyExceptInRange('!', '~');
}
