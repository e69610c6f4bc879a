namespace Sluice.Support.Programs;

/// <summary>Where things lie in the checkout that the tests run from.</summary>
public static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>The full path of a file or folder of the checkout.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>A program that `make publish` wrote.</summary>
    public static string Published(string program) => Existing(Path("artifacts", "bin", program), "make publish");

    /// <summary>kubectl or helm, of the pinned version.</summary>
    public static string Tool(string tool) => Existing(Path("artifacts", "tools", tool), "make tools");

    static string Existing(string path, string command) => File.Exists(path)
        ? path
        : throw new FileNotFoundException($"{path} is missing; run '{command}' first", path);

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Operator.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"no Operator.sln above {AppContext.BaseDirectory}");
    }
}
