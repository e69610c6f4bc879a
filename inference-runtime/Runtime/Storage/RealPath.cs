namespace Sluice.Runtime.Storage;

/// <summary>Paths with every symbolic link resolved, those of parents too.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>Null when links go in a circle.</summary>
    public static string? Of(string path)
    {
        var waiting = new Stack<string>(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var real = "/";
        var links = 0;
        while (waiting.TryPop(out var part))
        {
            var next = Path.GetFullPath(Path.Combine(real, part));
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MostLinks)
                return null;
            real = target.StartsWith('/') ? "/" : real;
            foreach (var inner in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                waiting.Push(inner);
        }
        return real;
    }

    public static bool IsWithin(string path, string folder) =>
        Of(path) is { } real && Of(folder) is { } bound && (real == bound || real.StartsWith(bound.TrimEnd('/') + '/', StringComparison.Ordinal));
}
