using System.Text.Json;
using Sluice.Benchmarks.Wire;
using Sluice.Contract;

namespace Sluice.Benchmarks.Split;

/// <summary>Split documents for pods of revision "stable", in files that are exchanged whole.</summary>
internal sealed class SplitFolder : IDisposable
{
    public const string Stable = "stable";
    public const string Candidate = "candidate";

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-bench-split").FullName;

    public string Path(string name) => System.IO.Path.Combine(folder, name + ".json");

    /// <param name="name">Of the file.</param>
    /// <param name="generation">Of the document.</param>
    /// <param name="percent">The candidate's share.</param>
    /// <param name="copied">How much of the rest is copied to the candidate, in percent.</param>
    /// <param name="candidate">Where the candidate is.</param>
    /// <returns>The file.</returns>
    public string Write(string name, long generation, int percent, int copied, Server candidate)
    {
        var (http, grpc) = ($"127.0.0.1:{candidate.Port}", $"127.0.0.1:{candidate.Grpc}");
        var document = new SplitDocument
        {
            Generation = generation,
            Shares =
            [
                new SplitShare { Revision = Stable, Percent = 100 - percent },
                new SplitShare { Revision = Candidate, Percent = percent, Http = http, Grpc = grpc },
            ],
            Shadow = copied > 0 ? new SplitShadow { Revision = Candidate, Percent = copied, Http = http, Grpc = grpc } : null,
        };
        var file = Path(name);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(document, ContractJson.Default.SplitDocument));
        File.Move(file + ".new", file, overwrite: true);
        return file;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
