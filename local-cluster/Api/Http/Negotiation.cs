using Microsoft.Net.Http.Headers;

namespace Sluice.LocalCluster.Api.Http;

/// <summary>In which shape objects are answered.</summary>
internal enum Representation { Object, Table, Metadata, MetadataList }

/// <summary>Finds what a client accepts among what is offered: JSON and YAML, as objects, tables or metadata.</summary>
/// <param name="As">The shape.</param>
/// <param name="Yaml">YAML instead of JSON.</param>
internal readonly record struct Negotiation(Representation As, bool Yaml)
{
    const string Json = "application/json";
    const string YamlType = "application/yaml";

    /// <exception cref="ApiException">406: nothing of what the client accepts is offered.</exception>
    public static Negotiation Of(HttpRequest request)
    {
        var header = request.Headers.Accept.ToString();
        if (header.Length == 0)
            return default;
        if (!MediaTypeHeaderValue.TryParseList([header], out var accepted))
            throw ApiException.NotAcceptable(Json, YamlType);
        foreach (var type in accepted.OrderByDescending(type => type.Quality ?? 1))
        {
            if (Offered(type) is { } offered)
                return offered;
        }

        throw ApiException.NotAcceptable(Json, YamlType);
    }

    static Negotiation? Offered(MediaTypeHeaderValue type)
    {
        var media = type.MediaType.Value ?? "";
        if (media is "*/*" or "application/*")
            return default(Negotiation);
        if (media is not (Json or YamlType))
            return null;
        var shape = Parameter(type, "as");
        if (shape.Length > 0 && (Parameter(type, "g") != "meta.k8s.io" || Parameter(type, "v") is not ("v1" or "v1beta1")))
            return null;
        var representation = shape switch
        {
            "" => Representation.Object,
            "Table" => Representation.Table,
            "PartialObjectMetadata" => Representation.Metadata,
            "PartialObjectMetadataList" => Representation.MetadataList,
            _ => (Representation?)null,
        };
        return representation is { } known ? new Negotiation(known, media == YamlType) : null;
    }

    static string Parameter(MediaTypeHeaderValue type, string name) =>
        type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value.Value ?? "";
}
