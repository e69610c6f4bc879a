using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>Paths of a listing come from others: none may leave the folder that it is for.</summary>
internal static class ArtifactPath
{
    public const int MostFiles = 10_000;

    /// <exception cref="FailureException">A path is absolute, has an empty, "." or ".." part, or stands twice in the listing.</exception>
    public static void Check(string address, IReadOnlyList<string> paths)
    {
        if (paths.Count > MostFiles)
        {
            throw new FailureException(
                TerminationReasons.TooLarge, $"{address} holds {paths.Count} files and at most {MostFiles} are fetched; name the model's own folder.");
        }
        var seen = new HashSet<string>();
        foreach (var path in paths)
        {
            if (!IsSafe(path))
            {
                throw new FailureException(
                    TerminationReasons.AccessDenied,
                    $"{address} lists the path \"{Shown(path)}\", which could leave the model's folder; nothing was fetched. Rename that file.");
            }
            if (!seen.Add(path))
                throw new FailureException(TerminationReasons.CorruptModel, $"{address} lists {path} twice.");
        }
    }

    public static bool IsSafe(string path) =>
        path.Length is > 0 and <= 1024
        && !path.Any(static c => char.IsControl(c) || c == '\\')
        && path.Split('/').All(static part => part is not ("" or "." or "..") && part != Staging.Name && part != PullRecord.FileName);

    private static string Shown(string path) => new([.. path.Take(200).Select(static c => char.IsControl(c) ? '?' : c)]);
}
