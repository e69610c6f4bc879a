namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>
/// From image names to programs on this machine, or for image volumes to folders. An image is looked up as written, then without its tag or digest, so
/// <c>--image sluice-runtime=/path</c> serves <c>sluice-runtime:0.1.0</c> too.
/// </summary>
internal sealed class ImageMap(IReadOnlyDictionary<string, string> programs)
{
    /// <summary>The program, or null when the image is not mapped.</summary>
    internal string? Find(string image) =>
        programs.TryGetValue(image, out var exact) ? exact
        : programs.TryGetValue(Repository(image), out var byName) ? byName
        : null;

    /// <summary>Null when the program can be run; otherwise what is wrong and what to do.</summary>
    internal string? Problem(string image) => Find(image) switch
    {
        null => $"no program stands for image \"{image}\" on this machine: start sluice-local with "
            + $"--image {Repository(image)}=/path/to/program",
        { } path when !File.Exists(path) => $"image \"{image}\" stands for {path}, which does not exist",
        _ => null,
    };

    /// <summary>Null when the image can be mounted as a volume; otherwise what is wrong and what to do.</summary>
    internal string? FolderProblem(string image) => Find(image) switch
    {
        null => $"no folder stands for image \"{image}\" on this machine: start sluice-local with "
            + $"--image {Repository(image)}=/path/to/folder",
        { } path when !Directory.Exists(path) => $"image \"{image}\" stands for {path}, which is no folder",
        _ => null,
    };

    /// <summary>
    /// The argument vector: <c>command</c> replaces the image's program and <c>args</c> follow. A command called like the
    /// program is the program, wherever the image keeps it.
    /// </summary>
    internal static List<string> Arguments(string program, IReadOnlyList<string>? command, IReadOnlyList<string>? args)
    {
        List<string> result = command is { Count: > 0 } ? [.. command] : [program];
        if (Path.GetFileName(result[0]) == Path.GetFileName(program))
            result[0] = program;
        result.AddRange(args ?? []);
        return result;
    }

    /// <summary>The image without <c>:tag</c> and <c>@digest</c>; a port of a registry is not a tag.</summary>
    internal static string Repository(string image)
    {
        var at = image.IndexOf('@');
        var name = at < 0 ? image : image[..at];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }
}
