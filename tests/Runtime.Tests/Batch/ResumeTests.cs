using System.Text.Json;
using Sluice.Runtime.Batch;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support;
using Sluice.Support.Models;
using Sluice.Support.Programs;

namespace Sluice.Runtime.Tests.Batch;

public sealed class ResumeTests : IDisposable
{
    private static readonly string[] Results = ["out.csv", "rejects.jsonl", "profile.json"];

    private readonly BatchFolder whole = new();
    private readonly BatchFolder cut = new();

    public void Dispose()
    {
        whole.Dispose();
        cut.Dispose();
    }

    [Fact]
    public void Wherever_a_run_ends_the_next_one_ends_with_the_same_bytes()
    {
        static BatchSettings Often(BatchSettings s) => s with { Together = 32, Checkpoint = 100 };
        whole.Run("iris/2", whole.Iris(1000), "out.csv", Often, "class");
        var table = cut.Iris(1000);
        var resumed = 0;

        // Each run comes some calls further than the one before, and falls in the middle of what lies between two checkpoints.
        for (var calls = 1; !File.Exists(cut.Path("out.csv")); calls++)
        {
            try
            {
                resumed += cut.Run("iris/2", table, "out.csv", Often, "class", time: new FailingTime(calls)).ResumedAfter > 0 ? 1 : 0;
            }
            catch (OperationCanceledException)
            {
                File.Exists(cut.Path("out.csv")).Should().BeFalse("half an output is none");
            }
        }

        resumed.Should().Be(1);
        Same();
    }

    [Fact]
    public async Task A_run_that_was_killed_goes_on_and_ends_with_the_same_bytes()
    {
        var rows = 50_000;
        // The machine decides how far it comes before it is killed; when that is the end, it gets a longer table.
        while (!await KilledAsync(cut.Iris(rows)))
            rows *= 4;

        var (code, output) = await RunningProgram.RunAsync(RuntimeProgram.File, Arguments(cut), limit: TimeSpan.FromMinutes(5));

        code.Should().Be(0, output);
        var summary = JsonSerializer.Deserialize(output.Split('\n').Single(static l => l.StartsWith('{')), BatchJson.Default.BatchSummary)!;
        summary.ResumedAfter.Should().BePositive();
        summary.Rows.Should().Be(rows);
        whole.Iris(rows);
        (await RunningProgram.RunAsync(RuntimeProgram.File, Arguments(whole), limit: TimeSpan.FromMinutes(5))).ExitCode.Should().Be(0);
        Same();
    }

    [Fact]
    public void Another_table_or_other_options_begin_anew()
    {
        var first = () => cut.Run("iris/2", cut.Iris(1000), "out.csv", static s => s with { Checkpoint = 256 }, "class", time: new FailingTime(3));
        first.Should().Throw<OperationCanceledException>();
        File.Exists(cut.Path("out.csv.progress")).Should().BeTrue();

        cut.Run("iris/2", cut.Iris(900), "out.csv", static s => s with { Checkpoint = 256 }, "class").ResumedAfter.Should().BeNull();

        whole.Run("iris/2", whole.Iris(900), "out.csv", static s => s with { Checkpoint = 256 }, "class");
        Same();
    }

    private void Same()
    {
        foreach (var name in Results)
            File.ReadAllBytes(cut.Path(name)).AsSpan().SequenceEqual(File.ReadAllBytes(whole.Path(name))).Should().BeTrue(name);
        Directory.GetFiles(cut.Root).Select(Path.GetFileName).Should().BeEquivalentTo([.. Results, "rows.csv"]);
    }

    /// <summary>Kills a run once it has secured something.</summary>
    /// <returns>False when it came to its end before.</returns>
    private async Task<bool> KilledAsync(string table)
    {
        foreach (var left in Directory.GetFiles(cut.Root).Where(f => f != table))
            File.Delete(left);
        await using var program = RunningProgram.Start(RuntimeProgram.File, Arguments(cut));
        await Eventually.TrueAsync(
            () => File.Exists(cut.Path("out.csv.progress")) || File.Exists(cut.Path("out.csv")), () => $"progress; {program.Output}", TimeSpan.FromMinutes(2));
        await program.SignalAsync("KILL");
        await program.ExitAsync(TimeSpan.FromMinutes(1));
        return File.Exists(cut.Path("out.csv.progress")) && !File.Exists(cut.Path("out.csv"));
    }

    private static IEnumerable<string> Arguments(BatchFolder folder) =>
    [
        "batch", "--model", TestModels.Folder("iris/2"), "--in", folder.Path("rows.csv"), "--out", folder.Path("out.csv"), "--ignore", "class",
        "--rejects", folder.Path("rejects.jsonl"), "--profile", folder.Path("profile.json"), "--checkpoint", "2000",
    ];

    /// <summary>A clock that fails after some looks, and with it the run, which looks at it after each call.</summary>
    private sealed class FailingTime(int looks) : TimeProvider
    {
        private int left = 2 + looks;

        public override long GetTimestamp() => --left >= 0 ? 0 : throw new OperationCanceledException("The end.");
    }
}
