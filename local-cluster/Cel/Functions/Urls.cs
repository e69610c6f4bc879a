using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>Absolute URLs and paths, in parts.</summary>
internal static class Urls
{
    static readonly CelType Url = CelType.Url;

    public static IEnumerable<Overload> All =>
    [
        Overload.Function("url", Url, [CelType.String], v => Parse((string)v[0]!)),
        Overload.Function("isURL", CelType.Bool, [CelType.String], v => Parse((string)v[0]!) is UrlParts),
        Part("getScheme", url => url.Scheme),
        Part("getHost", url => url.Port.Length > 0 ? $"{url.BracketedHost}:{url.Port}" : url.BracketedHost),
        Part("getHostname", url => url.Host),
        Part("getPort", url => url.Port),
        Part("getEscapedPath", url => url.Path),
        Overload.Method("getQuery", CelType.Map(CelType.String, CelType.List(CelType.String)), [Url], v => ((UrlParts)v[0]!).Query()),
    ];

    static Overload Part(string name, Func<UrlParts, string> part) => Overload.Method(name, CelType.String, [Url], v => part((UrlParts)v[0]!));

    static object Parse(string text) => Formats.Matches("uri", text)
        ? UrlParts.Of(text)
        : new CelError($"URL parse error during conversion from string: parse {GoText.Quote(text)}: invalid URI for request");
}
