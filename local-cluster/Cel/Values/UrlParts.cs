namespace Sluice.LocalCluster.Cel.Values;

/// <summary>A URL cut as Go cuts it: nothing is normalised, the path stays escaped.</summary>
internal sealed record UrlParts(string Text, string Scheme, string Host, string Port, string Path, string RawQuery)
{
    public string BracketedHost => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    public static UrlParts Of(string text)
    {
        var rest = text.Split('#', 2)[0];
        var query = rest.Split('?', 2);
        rest = query[0];
        var scheme = "";
        if (rest.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && !rest.StartsWith('/'))
        {
            scheme = rest[..colon].ToLowerInvariant();
            rest = rest[(colon + 1)..];
        }
        var authority = "";
        if (rest.StartsWith("//", StringComparison.Ordinal) && scheme.Length > 0)
        {
            var slash = rest.IndexOf('/', 2);
            authority = slash < 0 ? rest[2..] : rest[2..slash];
            rest = slash < 0 ? "" : rest[slash..];
        }
        var (host, port) = HostAndPort(authority[(authority.LastIndexOf('@') + 1)..]);
        return new UrlParts(text, scheme, host, port, rest, query.Length > 1 ? query[1] : "");
    }

    static (string Host, string Port) HostAndPort(string text)
    {
        var bracket = text.LastIndexOf(']');
        var colon = text.IndexOf(':', Math.Max(bracket, 0));
        var host = colon < 0 ? text : text[..colon];
        return (host.Trim('[', ']'), colon < 0 ? "" : text[(colon + 1)..]);
    }

    public CelMap Query()
    {
        var values = new Dictionary<object, object?>(CelEquality.Keys);
        foreach (var group in RawQuery.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Pair).GroupBy(pair => pair.Name))
            values[group.Key] = new MadeList([.. group.Select(pair => pair.Value)]);
        return new MadeMap(values);
    }

    static (string Name, string Value) Pair(string text)
    {
        var parts = text.Split('=', 2);
        return (Decode(parts[0]), parts.Length > 1 ? Decode(parts[1]) : "");
    }

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
