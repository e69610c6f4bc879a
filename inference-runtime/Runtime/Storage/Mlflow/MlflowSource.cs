using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Mlflow;

/// <summary>
/// models:/NAME/VERSION, models:/NAME@ALIAS, models:/m-ID and runs:/RUN/PATH: the tracking server says where the files are,
/// and hands them out itself or names another storage.
/// </summary>
/// <param name="web">How to ask.</param>
/// <param name="credentials">For the tracking server.</param>
/// <param name="storages">That it may name; reads what the credentials let it, so nothing of this machine.</param>
internal sealed class MlflowSource(WebStorage web, Credentials credentials, IReadOnlyList<IModelSource> storages) : IModelSource
{
    /// <summary>What an address meant when its files were listed: an alias may have moved since.</summary>
    private (string Address, MlflowVersion? Version, MlflowPlace Place)? found;

    public IReadOnlyList<string> Schemes { get; } = ["models", "runs"];

    public async Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        var server = new MlflowServer(web, credentials);
        var (version, place) = await ResolveAsync(server, MlflowAddress.Parse(address), cancellation);
        found = (address, version, place);
        var artifacts = new MlflowArtifacts(web, server);
        if (artifacts.PathOf(place.ArtifactUri) is { } path)
            return await artifacts.FindAsync(address, path, cancellation);
        var storage = storages.FirstOrDefault(s => s.Serves(place.ArtifactUri))
            ?? throw new FailureException(
                TerminationReasons.Unreachable,
                $"{address} lies at {place.ArtifactUri}, which cannot be reached from here; let the tracking server hand out artifacts (mlflow server --serve-artifacts) or keep them in {string.Join(", ", storages.SelectMany(static s => s.Schemes))}.");
        return await storage.FindAsync(place.ArtifactUri, cancellation);
    }

    public async Task<IReadOnlyDictionary<string, string>?> LineageAsync(string address, CancellationToken cancellation)
    {
        if (found is not { } known || known.Address != address)
            return null;
        var (_, version, place) = known;
        var lineage = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (version is not null)
        {
            lineage["model"] = version.Name;
            lineage["version"] = version.Number;
        }
        if (place.Run is { } run)
        {
            lineage["run"] = run;
            foreach (var (name, value) in await new MlflowServer(web, credentials).ParametersAsync(run, cancellation))
                lineage[$"param.{name}"] = value;
        }
        return lineage;
    }

    private static async Task<(MlflowVersion? Version, MlflowPlace Place)> ResolveAsync(
        MlflowServer server, MlflowAddress address, CancellationToken cancellation)
    {
        if (address.Run is { } run)
        {
            var at = await server.RunAsync(run, cancellation);
            return (null, at with { ArtifactUri = address.Path.Length == 0 ? at.ArtifactUri : $"{at.ArtifactUri.TrimEnd('/')}/{address.Path}" });
        }
        if (address.LoggedModel is { } logged)
            return (null, await server.LoggedModelAsync(logged, cancellation));
        var version = address.Alias is { } alias
            ? await server.AliasAsync(address.Model!, alias, cancellation)
            : await server.VersionAsync(address.Model!, address.Version!, cancellation);
        var uri = await server.DownloadUriAsync(version, cancellation);
        // A version may be of a logged model, which has a place of its own.
        if (!uri.StartsWith("models:/m-", StringComparison.Ordinal))
            return (version, new MlflowPlace(uri, version.Run));
        var place = await server.LoggedModelAsync(uri["models:/".Length..], cancellation);
        return (version, place with { Run = version.Run ?? place.Run });
    }
}
