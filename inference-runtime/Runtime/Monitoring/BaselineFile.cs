using System.Text.Json;
using Sluice.Contract;
using Sluice.Monitoring.Profiles;

namespace Sluice.Runtime.Monitoring;

/// <summary>Finds and reads the file that a baseline lies in.</summary>
internal static class BaselineFile
{
    /// <param name="model">A model file or a folder; beside it, or in it, a baseline is looked for when no path is given.</param>
    /// <param name="path">A file, or a folder that may hold one; null or empty when there is no such word.</param>
    /// <returns>The file; null when there is none in the folder, or beside the model.</returns>
    /// <exception cref="FailureException">The folder holds only files of other names.</exception>
    public static string? Find(string model, string? path)
    {
        var given = !string.IsNullOrEmpty(path);
        if (given && !Directory.Exists(path))
            return path;
        var folder = given ? path! : Directory.Exists(model) ? model : Path.GetDirectoryName(Path.GetFullPath(model))!;
        var file = Path.Combine(folder, ReferenceFiles.Baseline);
        if (File.Exists(file))
            return file;
        return given && Directory.EnumerateFiles(folder).Any()
            ? throw Wrong($"The baseline in {path} must be called {ReferenceFiles.Baseline}; it holds {string.Join(", ", Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order().Take(6))}.")
            : null;
    }

    /// <exception cref="FailureException">It is not there, or makes no sense.</exception>
    public static Profile Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var document = JsonSerializer.Deserialize(file, ContractJson.Default.ProfileDocument);
            return (document ?? throw new FormatException("it is null.")).ToProfile();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw Wrong($"The baseline {path} cannot be used: {e.Message}");
        }
    }

    /// <summary>Looks at the baseline that a model is to be verified with.</summary>
    /// <exception cref="FailureException">There is none where one is said to be, or it makes no sense.</exception>
    public static void Check(string model, string? path)
    {
        if (Find(model, path) is { } file)
            Read(file);
        else if (!string.IsNullOrEmpty(path))
            throw Wrong($"There is no baseline in {path}. A ConfigMap that is mounted there needs the key {ReferenceFiles.Baseline}.");
    }

    private static FailureException Wrong(string message) => new(TerminationReasons.InvalidBaseline, message);
}
