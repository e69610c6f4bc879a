using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Apply;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Resources;

namespace Sluice.LocalCluster.Api.Operations;

/// <summary>One writing request: what it is about and how.</summary>
/// <param name="Kind">The kind of the object.</param>
/// <param name="Version">The version in which the client speaks.</param>
/// <param name="Namespace">Empty for cluster-wide kinds.</param>
/// <param name="Name">Empty when an object is created.</param>
/// <param name="Subresource">The door: empty, status, scale or finalize.</param>
/// <param name="Options">The options of the request.</param>
/// <param name="Now">The time of the write.</param>
internal sealed record WriteRequest(
    IKind Kind, string Version, string Namespace, string Name, string Subresource, WriteOptions Options, DateTimeOffset Now)
{
    public string ApiVersion => GroupVersions.Join(Kind.Info.Group, Version);

    public string Key => Storage.StoredObject.KeyOf(Namespace, Name);

    public Writer Writer => new(Options.FieldManager, ApiVersion, Subresource, Now);

    public ApiException NotFound() => ApiException.NotFound(Kind.Info.Group, Kind.Info.Plural, Name);

    public ApiException Modified() => ApiException.Modified(Kind.Info.Group, Kind.Info.Plural, Name);

    /// <summary>Reads a sent object: kind and version must fit, unknown fields are refused or noted for a warning.</summary>
    public JsonObject Decode(JsonObject sent, Reading reading)
    {
        CheckKind(sent);
        JsonObject obj;
        try
        {
            obj = Kind.Read(Version, sent, reading);
        }
        catch (Types.TypeMismatchException error)
        {
            throw ApiException.BadRequest($"{Kind.Info.Kind} in version \"{Version}\" cannot be handled as a {Kind.Info.Kind}: {error.Message}");
        }

        if (Options.Validation == FieldValidation.Strict && Findings(reading).ToList() is { Count: > 0 } findings)
        {
            throw ApiException.BadRequest($"{Kind.Info.Kind} in version \"{Version}\" cannot be handled as a {Kind.Info.Kind}: " +
                $"strict decoding error: {string.Join(", ", findings)}");
        }

        obj["apiVersion"] = ApiVersion;
        obj["kind"] = Kind.Info.Kind;
        return obj;
    }

    /// <summary>What a warning or a refusal says about the fields of an object.</summary>
    public static IEnumerable<string> Findings(Reading reading) =>
        reading.Duplicates.Select(path => $"duplicate field \"{path}\"").Concat(reading.Unknown.Select(path => $"unknown field \"{path}\""));

    void CheckKind(JsonObject sent)
    {
        var (apiVersion, kind) = (sent["apiVersion"]?.ToString() ?? "", sent["kind"]?.ToString() ?? "");
        if (apiVersion.Length > 0 && apiVersion != ApiVersion)
        {
            throw ApiException.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({ApiVersion})");
        }

        if (kind.Length > 0 && kind != Kind.Info.Kind)
        {
            throw ApiException.BadRequest($"{kind} in version \"{Version}\" cannot be handled as a {Kind.Info.Kind}: " +
                $"converting ({kind}) to ({Kind.Info.Kind}): unknown conversion");
        }
    }
}
