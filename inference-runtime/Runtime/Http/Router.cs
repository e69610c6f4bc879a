namespace Sluice.Runtime.Http;

/// <summary>Reads the paths of the prediction protocols.</summary>
internal static class Router
{
    /// <param name="target">Path and query as sent.</param>
    public static RestRoute Find(string target)
    {
        var query = target.AsSpan().IndexOfAny('?', '#');
        var path = query < 0 ? target : target[..query];
        if (!path.StartsWith('/'))
            path = OfAbsolute(path);
        if (path.Length > 1 && path[^1] == '/')
            path = path[..^1];
        return path switch
        {
            "/" => new RestRoute(RouteKind.Root),
            "/predict" => new RestRoute(RouteKind.Predict),
            "/health" => new RestRoute(RouteKind.Health),
            "/model-info" => new RestRoute(RouteKind.ModelInfo),
            "/openapi.json" => new RestRoute(RouteKind.OpenApi),
            "/docs" => new RestRoute(RouteKind.Docs),
            "/v1/models" => new RestRoute(RouteKind.V1Models),
            "/v2" => new RestRoute(RouteKind.V2Server),
            "/v2/health/live" => new RestRoute(RouteKind.V2Live),
            "/v2/health/ready" => new RestRoute(RouteKind.V2Ready),
            _ when path.StartsWith("/v1/models/", StringComparison.Ordinal) => V1(path["/v1/models/".Length..]),
            _ when path.StartsWith("/v2/models/", StringComparison.Ordinal) => V2(path["/v2/models/".Length..]),
            _ => RestRoute.Unknown,
        };
    }

    /// <summary>The path of a target as sent to a proxy, scheme://host/path, which every server must understand (RFC 9112, 3.2.2).</summary>
    private static string OfAbsolute(string target)
    {
        var host = target.IndexOf("://", StringComparison.Ordinal);
        var path = host < 0 ? -1 : target.IndexOf('/', host + 3);
        return path < 0 ? "*" : target[path..];
    }

    private static RestRoute V1(string rest)
    {
        var (versioned, verb) = rest.LastIndexOf(':') is var colon and >= 0
            ? (rest[..colon], rest[(colon + 1)..])
            : (rest, null);
        var parts = versioned.Split('/');
        var version = parts is [_, "versions", { Length: > 0 } v] ? Decode(v) : null;
        if (parts[0].Length == 0 || (parts.Length > 1 && version is null))
            return RestRoute.Unknown;
        return verb switch
        {
            null => new RestRoute(RouteKind.V1Model, Decode(parts[0]), version),
            "predict" => new RestRoute(RouteKind.V1Predict, Decode(parts[0]), version),
            "feedback" => new RestRoute(RouteKind.V1Feedback, Decode(parts[0]), version),
            _ => RestRoute.Unknown,
        };
    }

    private static RestRoute V2(string rest)
    {
        var parts = rest.Split('/');
        if (parts[0].Length == 0)
            return RestRoute.Unknown;
        string? version = null;
        var verb = parts.AsSpan(1);
        if (verb is ["versions", { Length: > 0 } v, ..])
        {
            version = Decode(v);
            verb = verb[2..];
        }
        var name = Decode(parts[0]);
        return verb switch
        {
            [] => new RestRoute(RouteKind.V2Model, name, version),
            ["ready"] => new RestRoute(RouteKind.V2ModelReady, name, version),
            ["infer"] => new RestRoute(RouteKind.V2Infer, name, version),
            _ => RestRoute.Unknown,
        };
    }

    private static string Decode(string part) => part.Contains('%') ? Uri.UnescapeDataString(part) : part;
}
