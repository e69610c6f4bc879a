using System.Text;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Grpc.Calls;

/// <summary>Turns a model's name and version on the wire into a route, remembering the last ones.</summary>
internal sealed class ModelName
{
    /// <summary>Longer names are no model's, and are not kept.</summary>
    private const int Longest = 1024;

    private byte[] lastName = [];
    private byte[] lastVersion = [];
    private RestRoute? last;

    public RestRoute Route(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version)
    {
        if (last is { } known && name.SequenceEqual(lastName) && version.SequenceEqual(lastVersion))
            return known;
        var route = new RestRoute(
            RouteKind.V2Infer,
            Encoding.UTF8.GetString(name),
            version.Length > 0 ? Encoding.UTF8.GetString(version) : null);
        if (name.Length + version.Length <= Longest)
            (lastName, lastVersion, last) = (name.ToArray(), version.ToArray(), route);
        return route;
    }
}
