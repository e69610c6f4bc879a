namespace Sluice.Conformance.Corpus;

/// <summary>A model of the corpus with the values that its authors recorded.</summary>
/// <param name="Name">Unique, and fit for a URL: group and folder, as in <c>node-abs</c>.</param>
sealed record TestCase(string Name, string Model, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);

/// <summary>Debian's package libonnx-testdata: the models that ONNX publishes for backends to be tested with.</summary>
static class TestData
{
    public const string Folder = "/usr/share/libonnx-testdata/data";

    /// <summary>All cases, by name.</summary>
    /// <exception cref="DirectoryNotFoundException">The package is not installed.</exception>
    public static IReadOnlyList<TestCase> Find()
    {
        if (!Directory.Exists(Folder))
        {
            throw new DirectoryNotFoundException(
                $"{Folder} is missing: ONNX's test models are not installed. Install them with 'apt-get install libonnx-testdata'.");
        }
        return
        [
            .. Directory.EnumerateFiles(Folder, "model.onnx", SearchOption.AllDirectories)
                .Select(Case)
                .OrderBy(c => c.Name, StringComparer.Ordinal),
        ];
    }

    static TestCase Case(string model)
    {
        var folder = Path.GetDirectoryName(model)!;
        var group = Path.GetFileName(Path.GetDirectoryName(folder));
        var name = Path.GetFileName(folder).Replace("test_", "", StringComparison.Ordinal);
        var data = Path.Combine(folder, "test_data_set_0");
        return new TestCase($"{group}-{name}", model, Numbered(data, "input_"), Numbered(data, "output_"));
    }

    /// <summary>PREFIX0.pb, PREFIX1.pb, … up to the first that is missing.</summary>
    static List<string> Numbered(string folder, string prefix) =>
    [
        .. Enumerable.Range(0, int.MaxValue)
            .Select(i => Path.Combine(folder, $"{prefix}{i}.pb"))
            .TakeWhile(File.Exists),
    ];
}
