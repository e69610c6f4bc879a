using System.Globalization;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Selection;
using Sluice.LocalCluster.Api.Storage;

namespace Sluice.LocalCluster.Api.Operations;

/// <summary>Which objects of a collection a request is about.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="Version">The version of the request.</param>
/// <param name="Namespace">Empty for all.</param>
/// <param name="Labels">By their labels.</param>
/// <param name="Fields">By their fields.</param>
internal sealed record Filter(IKind Kind, string Version, string Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public bool Matches(StoredObject obj) =>
        (Namespace.Length == 0 || obj.Namespace == Namespace)
        && Labels.Matches(obj.Labels)
        && Fields.Matches(field => Kind.FieldValue(Version, obj.Value, field) ?? "");

    /// <exception cref="ApiException">400: a selector is not understood, or names a field that the kind does not support.</exception>
    public static Filter Of(IKind kind, string version, string ns, HttpRequest request)
    {
        try
        {
            var fields = FieldSelector.Parse(request.Query["fieldSelector"]);
            if (fields.Terms.FirstOrDefault(term => !kind.SupportsField(version, term.Field)) is { } unsupported)
                throw ApiException.BadRequest($"field label not supported: {unsupported.Field}");
            return new Filter(kind, version, ns, LabelSelector.Parse(request.Query["labelSelector"]), fields);
        }
        catch (SelectorException error)
        {
            throw ApiException.BadRequest(error.Message);
        }
    }

    /// <summary>The filter for one object.</summary>
    public Filter Named(string name) => this with { Fields = FieldSelector.Parse($"metadata.name={name}") };
}

/// <summary>Numbers in queries.</summary>
internal static class QueryNumbers
{
    public static long? Number(this IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiException.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }

    public static bool Flag(this IQueryCollection query, string name) => query.ContainsKey(name) && query[name].ToString() is not ("false" or "0");

    /// <summary>A resource version: 0 for "any", null when it is not given.</summary>
    public static long? Version(this IQueryCollection query)
    {
        var text = query["resourceVersion"].ToString();
        if (text.Length == 0)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw ApiException.BadRequest($"Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
    }
}
