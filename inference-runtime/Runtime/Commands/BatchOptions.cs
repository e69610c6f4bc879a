using System.CommandLine;
using Sluice.Contract;
using Sluice.Runtime.Batching;

namespace Sluice.Runtime.Commands;

/// <summary>Options that say how requests are joined into one run of a model.</summary>
internal sealed class BatchOptions
{
    private const int MostRows = 65536;

    private readonly Option<int> size = Options.Number(
        "--batch-size", "Rows of requests that wait for a turn are joined, up to so many in one run, where the model gains by it; 0 or 1 joins none.", 0);

    private readonly Option<TimeSpan> latency = Options.Duration(
        "--batch-latency", "What a run may take longer for the rows of others; no request waits for one that is not there.", TimeSpan.FromMilliseconds(5));

    public void AddTo(Command command)
    {
        command.Add(size);
        command.Add(latency);
    }

    /// <returns>Null when none are joined.</returns>
    /// <exception cref="FailureException">A number is out of range.</exception>
    public BatchSettings? Read(ParseResult result) => result.GetValue(size) switch
    {
        0 or 1 => null,
        > MostRows => throw new FailureException(TerminationReasons.InvalidOptions, $"--batch-size takes up to {MostRows} rows."),
        var rows => new BatchSettings(rows, result.GetValue(latency)),
    };
}
