using Sluice.Operator.Api;

namespace Sluice.Crds;

/// <summary>The generated files below a root folder: their names and texts, and the two things done with them.</summary>
internal static class Files
{
    // A chart is a folder by itself: it cannot point at the files beside it.
    static readonly string[] Folders = ["crds", "charts/sluice/files/crds"];

    /// <summary>Path below the root, with forward slashes, and text.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new SortedDictionary<string, string>(
        Folders.SelectMany(static folder => new Dictionary<string, string>
        {
            [$"{folder}/inferenceservices.yaml"] = Text(Definition.Of<InferenceService>()),
            [$"{folder}/modelversions.yaml"] = Text(Definition.Of<ModelVersion>()),
        }).Concat(new Dictionary<string, string>
        {
            ["docs/reference/inferenceservice.md"] = Reference.Of<InferenceService>(),
            ["docs/reference/modelversion.md"] = Reference.Of<ModelVersion>(),
        }).ToDictionary(),
        StringComparer.Ordinal);

    /// <summary>Writes what differs.</summary>
    public static int Write(string root, TextWriter log)
    {
        foreach (var (name, text) in All)
        {
            if (IsCurrent(root, name, text))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, name))!);
            File.WriteAllText(Path.Combine(root, name), text);
            log.WriteLine($"wrote {name} ({text.Length / 1024} KB)");
        }
        return 0;
    }

    /// <summary>1 when a file differs from what the types say.</summary>
    public static int Check(string root, TextWriter log)
    {
        var stale = All.Where(file => !IsCurrent(root, file.Key, file.Value)).Select(file => file.Key).ToList();
        foreach (var name in stale)
            log.WriteLine($"{name} is not what the C# types say; run `make crds`");
        return stale.Count == 0 ? 0 : 1;
    }

    static bool IsCurrent(string root, string name, string text) =>
        File.Exists(Path.Combine(root, name)) && File.ReadAllText(Path.Combine(root, name)) == text;

    static string Text(System.Text.Json.Nodes.JsonObject definition) =>
        "# Generated from the C# types in operator/Operator/Api by `make crds`; edit those.\n---\n" + Yaml.Write(definition);
}
