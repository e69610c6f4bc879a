using System.Globalization;
using Sluice.Contract;

namespace Sluice.Runtime.Models;

/// <summary>
/// Finds the models under a path without configuration. In this order: a model file; a folder that holds one model file
/// (KServe's /mnt/models); a folder of numbered versions (Triton's MODEL/VERSION/model.onnx); a folder of models, each
/// being one of the former.
/// </summary>
internal static class ModelLocator
{
    private const string DefaultName = "model";
    private const string DefaultVersion = "1";
    private static readonly string[] Endings = [".onnx", ".ort"];

    /// <param name="path">What the user named.</param>
    /// <param name="name">What to call the model; null takes the folder's name.</param>
    /// <param name="version">What to call its version; null takes the folder's number, or 1.</param>
    /// <exception cref="FailureException">There is no model, or it is not clear which.</exception>
    public static IReadOnlyList<ModelLocation> Find(string path, string? name, string? version)
    {
        if (File.Exists(path))
            return [new ModelLocation(name ?? NameOf(path), version ?? DefaultVersion, path)];
        if (!Directory.Exists(path))
            throw new FailureException(TerminationReasons.NotFound, $"There is no model at {path}: neither a file nor a folder.");
        if (InFolder(path, name, version) is { Count: > 0 } one)
            return one;
        var many = Folders(path).SelectMany(f => InFolder(f, null, null)).ToList();
        if (many.Count == 0)
            throw new FailureException(TerminationReasons.NotFound, $"There is no model in {path}: {Listing(path)}.");
        var names = many.Select(m => m.Name).Distinct().ToList();
        if (name is null)
            return many;
        if (names.Count == 1)
            return [.. many.Select(m => m with { Name = name })];
        throw new FailureException(
            TerminationReasons.InvalidOptions,
            $"{path} holds {names.Count} models ({string.Join(", ", names)}), so --name {name} does not fit; leave it out.");
    }

    /// <exception cref="FailureException">There is no model, or more than one.</exception>
    public static ModelLocation One(string path) => Find(path, null, null) is [var only]
        ? only
        : throw new FailureException(TerminationReasons.InvalidOptions, $"{path} holds several models; name one.");

    private static IReadOnlyList<ModelLocation> InFolder(string folder, string? name, string? version)
    {
        if (ModelFile(folder) is { } file)
            return [new ModelLocation(name ?? NameOf(folder), version ?? DefaultVersion, file)];
        return
        [
            .. Folders(folder)
                .Where(f => IsVersion(Path.GetFileName(f)))
                .Select(f => (Version: Path.GetFileName(f), File: ModelFile(f)))
                .Where(v => v.File is not null)
                .Select(v => new ModelLocation(name ?? NameOf(folder), v.Version, v.File!)),
        ];
    }

    private static string? ModelFile(string folder)
    {
        var files = Directory.EnumerateFiles(folder).Where(f => Endings.Contains(Path.GetExtension(f))).Order().ToList();
        if (files.Count <= 1)
            return files.FirstOrDefault();
        return files.Find(f => Path.GetFileNameWithoutExtension(f) is "model")
            ?? throw new FailureException(
                TerminationReasons.InvalidOptions,
                $"{folder} holds {files.Count} model files and none is called model.onnx; name the file itself.");
    }

    private static bool IsVersion(string name) =>
        long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static IEnumerable<string> Folders(string path) =>
        Directory.EnumerateDirectories(path).Where(d => !Path.GetFileName(d).StartsWith('.')).Order();

    private static string NameOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path));
        return name is "models" or "" ? DefaultName : name;
    }

    private static string Listing(string path)
    {
        var names = Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName).Order().Take(6).ToList();
        return names.Count == 0
            ? "it is empty"
            : $"it holds {string.Join(", ", names)}, and a model is a file that ends in .onnx or .ort";
    }
}
