using System.Text.Json;
using Sluice.Contract;

namespace Sluice.Runtime.Golden;

/// <summary>Finds and reads golden answers.</summary>
internal static class GoldenFile
{
    /// <summary>In bytes; more cases than fit are no examples any more.</summary>
    private const int Limit = 16 << 20;

    /// <param name="modelFile">Beside it they are looked for when no path is given.</param>
    /// <param name="path">A file, or a folder that may hold it; null or empty when there is no such word.</param>
    /// <returns>Null when there are none: no file in the folder, or beside the model.</returns>
    /// <exception cref="FailureException">The path is not there, or what is there makes no sense.</exception>
    public static GoldenDocument? Find(string modelFile, string? path)
    {
        if (string.IsNullOrEmpty(path))
            path = Path.GetDirectoryName(Path.GetFullPath(modelFile))!;
        else if (File.Exists(path))
            return Read(path);
        else if (!Directory.Exists(path))
            throw Missing($"There are no golden answers at {path}: neither a file nor a folder.");
        else if (Others(path) is { Count: > 0 } others)
            throw Missing($"The golden answers in {path} must be called {ReferenceFiles.Golden}; it holds {string.Join(", ", others)}.");
        var file = Path.Combine(path, ReferenceFiles.Golden);
        return File.Exists(file) ? Read(file) : null;
    }

    /// <exception cref="FailureException">There are none, or they make no sense.</exception>
    public static GoldenDocument Require(string modelFile, string? path) => Find(modelFile, path) ?? throw Missing(
        string.IsNullOrEmpty(path)
            ? $"There are no golden answers: {ReferenceFiles.Golden} does not lie beside {Path.GetFileName(modelFile)}, and --golden names no other file."
            : $"There are no golden answers in {path}. A ConfigMap that is mounted there needs the key {ReferenceFiles.Golden}.");

    private static FailureException Missing(string message) => new(TerminationReasons.GoldenMissing, message);

    /// <summary>What a mounted ConfigMap holds under wrong keys; names with dots are the kubelet's own.</summary>
    private static IReadOnlyList<string> Others(string folder) => File.Exists(Path.Combine(folder, ReferenceFiles.Golden))
        ? []
        : [.. Directory.EnumerateFiles(folder).Select(static f => Path.GetFileName(f)).Where(static n => !n.StartsWith('.')).Order().Take(6)];

    private static GoldenDocument Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > Limit)
                throw Invalid(path, $"it is larger than {Limit} bytes");
            var document = JsonSerializer.Deserialize(File.ReadAllBytes(path), GoldenJson.Default.GoldenDocument);
            return Problem(document) is { } problem ? throw Invalid(path, problem) : document!;
        }
        catch (JsonException e)
        {
            throw Invalid(path, e.Message.TrimEnd('.'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Missing($"The golden answers {path} cannot be read: {e.Message}");
        }
    }

    private static string? Problem(GoldenDocument? document)
    {
        if (document?.Cases is not { Count: > 0 } cases)
            return "it has no cases";
        if (cases.Any(static c => c is null))
            return "one of its cases is null";
        if (cases.Select(static c => c.Tolerance).Append(document.Tolerance).Any(static t => t is { IsValid: false }))
            return "a tolerance is negative";
        for (var i = 0; i < cases.Count; i++)
        {
            if (cases[i].Request.ValueKind != JsonValueKind.Object || cases[i].Response.ValueKind != JsonValueKind.Object)
                return $"{GoldenReplay.NameOf(cases, i)} needs a request and a response, each an object";
        }
        return null;
    }

    private static FailureException Invalid(string path, string what) =>
        new(TerminationReasons.InvalidGolden, $"The golden answers {path} cannot be used: {what}. docs/models-and-storage.md has an example.");
}
