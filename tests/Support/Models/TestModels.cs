namespace Sluice.Support.Models;

/// <summary>The models of tests/Models, found from wherever a test runs.</summary>
public static class TestModels
{
    public static string Root { get; } = Find();

    /// <summary>The model file of a folder such as <c>iris/2</c>.</summary>
    public static string File(string folder) => Path.Combine(Root, folder, "model.onnx");

    public static string Folder(string folder) => Path.Combine(Root, folder);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var models = Path.Combine(folder.FullName, "tests", "Models");
            if (Directory.Exists(models))
                return models;
        }
        throw new DirectoryNotFoundException($"tests/Models is not above {AppContext.BaseDirectory}.");
    }
}
