namespace Sluice.Runtime.Storage.Oci;

/// <summary>The parameters of a WWW-Authenticate header: NAME="VALUE",NAME=VALUE, where a quoted value may hold commas.</summary>
internal static class OciChallenge
{
    public static Dictionary<string, string> Parse(string parameters)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var rest = parameters.AsSpan();
        while (rest.IndexOf('=') is > 0 and var equals)
        {
            var name = rest[..equals].Trim(" ,\t").ToString();
            rest = rest[(equals + 1)..].TrimStart();
            var quoted = rest.StartsWith("\"");
            rest = quoted ? rest[1..] : rest;
            var end = rest.IndexOf(quoted ? '"' : ',');
            values[name] = (end < 0 ? rest : rest[..end]).Trim().ToString();
            rest = end < 0 ? [] : rest[(end + 1)..];
        }
        return values;
    }
}
