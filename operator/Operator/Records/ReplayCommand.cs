using System.CommandLine;
using System.Globalization;
using Sluice.Rollouts.Records;

namespace Sluice.Operator.Records;

/// <summary><c>sluice-operator replay -f RECORD</c>: takes every decision of an attempt again, and says whether it comes out the same.</summary>
internal static class ReplayCommand
{
    public const int Same = 0;
    public const int Different = 1;
    public const int Unreadable = 2;

    const long LongestFile = 16 << 20;

    public static Command Build()
    {
        var file = new Option<string>("--file", "-f")
        {
            Description = "The record: as JSON, compressed, or in its ConfigMap as JSON; - reads standard input.",
            Required = true,
        };
        var command = new Command("replay", "Decides a recorded attempt again: kubectl get configmap NAME-attempt-N -o json | sluice-operator replay -f -") { file };
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetValue(file)!;
            try
            {
                return Print(RecordText.Read(await ReadAsync(path, cancel)), Console.Out);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
            {
                await Console.Error.WriteLineAsync($"sluice-operator: {path} cannot be replayed: {e.Message}");
                return Unreadable;
            }
        });
        return command;
    }

    /// <returns>The exit code.</returns>
    public static int Print(AttemptRecord record, TextWriter to)
    {
        to.WriteLine($"Attempt {record.Attempt}: {record.Candidate.Title} for {record.Stable.Title}");
        var (taken, different) = (0, 0);
        foreach (var again in Replay.Of(record))
        {
            var then = again.Recorded;
            var state = then.Decision.State;
            var times = then.Times > 1 ? $" ({then.Times} times, until {Clock(then.Last)})" : "";
            to.WriteLine($"{Clock(then.Time)} {Place(state.Stage?.ToString() ?? state.Outcome?.ToString(), state.Step)}: {then.Decision.NextAction}{times}");
            foreach (var finding in then.Judged?.Findings ?? [])
                to.WriteLine($"    {finding.Gate} {finding.Verdict}: {finding.Message}");
            foreach (var difference in again.Differences)
                to.WriteLine($"    DIFFERENT: {difference}");
            taken++;
            different += again.Differences.IsEmpty ? 0 : 1;
        }

        var omitted = record.Omitted > 0 ? $"; {record.Omitted} more were left out of the record" : "";
        to.WriteLine(different == 0 ? $"All {taken} decisions come out the same{omitted}." : $"{different} of {taken} decisions come out otherwise{omitted}.");
        return different == 0 ? Same : Different;
    }

    static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    static string Place(string? stage, int? step) => step is { } number ? $"{stage} step {number}" : stage ?? "Resting";

    static async Task<byte[]> ReadAsync(string path, CancellationToken cancel)
    {
        await using var from = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = await from.ReadAsync(buffer, cancel)) > 0;)
        {
            await bytes.WriteAsync(buffer.AsMemory(0, read), cancel);
            if (bytes.Length > LongestFile)
                throw new InvalidDataException($"It is longer than {LongestFile} bytes.");
        }

        return bytes.ToArray();
    }
}
