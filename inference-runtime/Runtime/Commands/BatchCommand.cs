using System.CommandLine;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Onnx;
using Sluice.Runtime.Batch;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Golden;
using Sluice.Runtime.Models;
using Sluice.Runtime.Monitoring;
using Sluice.Runtime.Profiling;
using Sluice.Runtime.Storage;

namespace Sluice.Runtime.Commands;

/// <summary>sluice-runtime batch.</summary>
internal sealed class BatchCommand
{
    private readonly Option<string?> model = Options.Text("--model", $"Where the model lies: a path, or an address with one of {string.Join(", ", StorageSchemes.Supported)}.");
    private readonly Option<string?> sha256 = Options.Text("--sha256", "What the model must be: SHA-256 in hex, as inspect prints it.");
    private readonly Option<string?> pvcRoot = Options.Text("--pvc-root", "Where the claims of pvc:// addresses are mounted; by default /mnt/pvc.");
    private readonly Option<string?> input = Options.Text("--in", "The table: a .csv with a header, or a .jsonl with a V1 instance in each line.");
    private readonly Option<string?> output = Options.Text("--out", "Gets a line for each row that was scored: a .csv or a .jsonl.");
    private readonly Option<string?> rejects = Options.Text("--rejects", "Gets the rows that the model did not take, each with the reason; by default --out with .rejects.jsonl.");
    private readonly Option<string?> profile = Options.Text("--profile", "Gets how features and predictions were distributed; by default --out with .profile.json.");
    private readonly Option<string?> ignore = Options.Text("--ignore", "Columns that are no features, separated by commas.");
    private readonly Option<string?> keep = Options.Text("--keep", "Columns that are copied to the output, separated by commas.");
    private readonly Option<string?> baseline = Options.Baseline();
    private readonly Option<string?> expectations = Options.Expectations();
    private readonly Option<int> together = Options.Number("--batch", "Rows that are sent together; 0 sends as many as suits the model.", 0);
    private readonly Option<int> checkpoint = Options.Number("--checkpoint", "Rows after which what was done is secured; a run that was killed goes on from there.", 10_000);
    private readonly Option<int> threads = Options.Number("--intra-op-threads", "Threads that one call spreads over; 0 takes the container's CPU limit.", 0);
    private readonly Option<string?> terminationLog = Options.TerminationLog();

    public static Command Create()
    {
        var options = new BatchCommand();
        var command = new Command("batch", "Scores a table. A run that was killed goes on where it was, and ends with the same output.")
        {
            options.model, options.sha256, options.pvcRoot, options.input, options.output, options.rejects, options.profile, options.ignore,
            options.keep, options.baseline, options.expectations, options.together, options.checkpoint, options.threads, options.terminationLog,
        };
        command.SetAction((result, cancellation) => Termination.GuardAsync(
            result.GetValue(options.terminationLog), () => options.RunAsync(result, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        using var logs = Logs.Create(level: null);
        var logger = logs.CreateLogger("Sluice.Runtime");
        var address = Options.Given(result.GetValue(model), "--model");
        var isHere = StorageSchemes.Of(address).Length == 0;
        var folder = isHere ? null : Directory.CreateTempSubdirectory("sluice-batch-").FullName;
        try
        {
            if (folder is not null)
                await FetchAsync(result, address, folder, logger, cancellation);
            var summary = Score(result, folder ?? address, logger);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(summary, BatchJson.Default.BatchSummary));
            return 0;
        }
        finally
        {
            if (folder is not null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private Task FetchAsync(ParseResult result, string address, string folder, ILogger logger, CancellationToken cancellation) => PullCommand.FetchAsync(
        new PullSettings { Address = address, Sha256 = Pin(result), To = folder },
        [new LocalSource(result.GetValue(pvcRoot) ?? "/mnt/pvc")],
        cache: null,
        logger,
        cancellation);

    private BatchSummary Score(ParseResult result, string path, ILogger logger)
    {
        var file = ModelLocator.One(path).File;
        var digest = Digest.Of(path).Sha256;
        if (Pin(result) is { } pin && pin != digest)
            throw new FailureException(TerminationReasons.DigestMismatch, $"{path} has sha256 {digest}, but {pin} is asked for; the model changed or the pin is wrong.");
        var (table, to) = (Options.Given(result.GetValue(input), "--in"), Options.Given(result.GetValue(output), "--out"));
        if (!File.Exists(table))
            throw new FailureException(TerminationReasons.NotFound, $"There is no table at {table}.");
        var ignored = List(result.GetValue(ignore));
        var expected = result.GetValue(expectations) is { Length: > 0 } told ? ExpectationSet.Read(told) : [];
        using var served = GoldenReplay.Alone(
            ModelLoader.Open(file, new SessionSettings { IntraOpThreads = result.GetValue(threads) is > 0 and var many ? many : Environment.ProcessorCount }),
            TimeProvider.System,
            expected);
        return new BatchRun(
            served,
            new DataFile(table, ignored, List(result.GetValue(keep))),
            new BatchSettings
            {
                Output = to,
                Rejects = result.GetValue(rejects) is { Length: > 0 } refused ? refused : to + ".rejects.jsonl",
                Profile = result.GetValue(profile) is { Length: > 0 } counted ? counted : to + ".profile.json",
                Model = digest,
                Input = Digest.Of(table).Sha256,
                Ignored = ignored,
                Together = result.GetValue(together) is > 0 and var rows ? rows : null,
                Checkpoint = Math.Max(1, result.GetValue(checkpoint)),
                Expected = JsonSerializer.Serialize(expected, ContractJson.Default.IReadOnlyListExpectationDocument),
                Baseline = BaselineFile.Find(path, result.GetValue(baseline)) is { } found ? BaselineFile.Read(found) : null,
            },
            TimeProvider.System,
            logger).ToEnd();
    }

    private string? Pin(ParseResult result) => result.GetValue(sha256) is { Length: > 0 } pin ? Sha256Text.Parse(pin) : null;

    private static string[] List(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
}
