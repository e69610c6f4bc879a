using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Contract;
using Sluice.Monitoring.Profiles;
using Sluice.Onnx;
using Sluice.Runtime.Batch;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Golden;
using Sluice.Runtime.Models;
using Sluice.Runtime.Profiling;
using Sluice.Runtime.Storage;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Batch;

/// <summary>A folder with a table, and with what becomes of it.</summary>
internal sealed class BatchFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("sluice-batch-test").FullName;

    public string Path(string name) => System.IO.Path.Combine(Root, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    /// <summary>The flowers of iris again and again, with a row that no model takes after every hundred.</summary>
    public string Iris(int rows)
    {
        var flowers = File.ReadAllLines(System.IO.Path.Combine(TestModels.Root, "iris", "iris.csv"));
        using var table = new StreamWriter(Path("rows.csv"));
        table.WriteLine(flowers[0]);
        for (var i = 0; i < rows; i++)
            table.WriteLine(i % 101 == 100 ? string.Create(CultureInfo.InvariantCulture, $"1,2,x{i},4,0") : flowers[1 + (i % 150)]);
        return Path("rows.csv");
    }

    public BatchSummary Run(
        string model, string table, string output = "out.jsonl", Func<BatchSettings, BatchSettings>? adjust = null, string ignore = "", string keep = "", TimeProvider? time = null, string expectations = "")
    {
        var file = System.IO.Path.IsPathRooted(model) ? model : TestModels.File(model);
        using var served = GoldenReplay.Alone(ModelLoader.Open(file, new SessionSettings()), TimeProvider.System, expectations.Length > 0 ? ExpectationSet.Read(expectations) : []);
        var settings = new BatchSettings
        {
            Output = Path(output),
            Rejects = Path("rejects.jsonl"),
            Profile = Path("profile.json"),
            Model = Digest.Of(file).Sha256,
            Input = Digest.Of(table).Sha256,
        };
        var data = new DataFile(table, ignore.Split(',', StringSplitOptions.RemoveEmptyEntries), keep.Split(',', StringSplitOptions.RemoveEmptyEntries));
        return new BatchRun(served, data, adjust?.Invoke(settings) ?? settings, time ?? TimeProvider.System, NullLogger.Instance).ToEnd();
    }

    public List<JsonElement> Lines(string name) => [.. File.ReadAllLines(Path(name)).Select(static l => JsonDocument.Parse(l).RootElement.Clone())];

    public Profile Profile() => JsonSerializer.Deserialize(File.ReadAllText(Path("profile.json")), ContractJson.Default.ProfileDocument)!.ToProfile();

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
