using Sluice.Contract;

namespace Sluice.Runtime.Storage.Mlflow;

/// <summary>What an address of MLflow names. These have no host: the tracking server is a setting.</summary>
/// <param name="Model">A registered model's name; null for the others.</param>
/// <param name="Version">Its version.</param>
/// <param name="Alias">Its alias, instead of the version.</param>
/// <param name="LoggedModel">The id of a logged model, which begins with m-.</param>
/// <param name="Run">A run's id.</param>
/// <param name="Path">Below the run's artifacts.</param>
internal sealed record MlflowAddress(string? Model, string? Version, string? Alias, string? LoggedModel, string? Run, string Path)
{
    /// <exception cref="FailureException">It is none.</exception>
    public static MlflowAddress Parse(string address)
    {
        var runs = StorageSchemes.Of(address) == "runs";
        var rest = address[(address.IndexOf(":/", StringComparison.Ordinal) + 2)..].Trim('/');
        if (rest.Length == 0 || !ArtifactPath.IsSafe(rest))
            throw Wrong(address);
        var slash = rest.IndexOf('/');
        var (first, below) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        if (runs)
            return new MlflowAddress(null, null, null, null, first, below);
        var at = rest.LastIndexOf('@');
        if (below.Length == 0 && at > 0 && at < rest.Length - 1)
            return new MlflowAddress(rest[..at], null, rest[(at + 1)..], null, null, "");
        if (below.Length == 0 && first.StartsWith("m-", StringComparison.Ordinal))
            return new MlflowAddress(null, null, null, first, null, "");
        return below.Length > 0 && below.All(char.IsAsciiDigit) ? new MlflowAddress(first, below, null, null, null, "") : throw Wrong(address);
    }

    private static FailureException Wrong(string address) => new(
        TerminationReasons.InvalidUri,
        $"{address}: write models:/NAME/VERSION with a number, models:/NAME@ALIAS or runs:/RUN/PATH. Stages and \"latest\" are not followed, because they change.");
}
