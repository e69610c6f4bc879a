using System.Collections.Frozen;
using System.CommandLine;
using Sluice.Contract;
using Sluice.Runtime.Payloads;

namespace Sluice.Runtime.Commands;

/// <summary>Options that say what of the traffic is logged, and where to.</summary>
internal sealed class PayloadOptions
{
    private readonly Option<string?> mode = Options.Word(
        "--payload-log", "Log what is asked and answered, as CloudEvents; without it nothing is logged.", "all", "request", "response");

    private readonly Option<string?> to = Options.Text(
        "--payload-log-to", "An http or https URL that each event is posted to, or a file that gets a line for each, or a folder (with / at its end) of such files; by default the standard output.");

    private readonly Option<long> folderSize = Options.Size("--payload-log-max-size", "What the files in the folder may take together; the oldest go first.", 1 << 30);

    private readonly Option<int> sample = Options.Number("--payload-log-sample", "Percent of the requests, drawn by their id.", 100);

    private readonly Option<string?> exclude = Options.Text(
        "--payload-log-exclude", "Names of inputs, columns and outputs that are never logged, with commas between.");

    private readonly Option<string?> headers = Options.Text(
        "--payload-log-headers", "Names of request headers that are told with an event, with commas between.");

    private readonly Option<long> queue = Options.Size("--payload-log-queue", "Bytes of events that may wait; what comes on top is dropped and counted.", 16 << 20);

    private readonly Option<int> batch = Options.Number("--payload-log-batch", "Events per POST, up to 1000; more than one are sent as a JSON batch.", 1);

    private readonly Option<TimeSpan> interval = Options.Duration("--payload-log-interval", "How long an event may wait for others that are sent with it.", TimeSpan.Zero);

    private readonly Option<TimeSpan> timeout = Options.Duration("--payload-log-timeout", "How long one attempt to send may take.", TimeSpan.FromSeconds(5));

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[mode, to, folderSize, sample, exclude, headers, queue, batch, interval, timeout])
            command.Add(option);
    }

    /// <returns>Null when nothing is logged.</returns>
    /// <exception cref="FailureException">A number is out of range, or the URL is none.</exception>
    public PayloadSettings? Read(ParseResult result)
    {
        if (result.GetValue(mode) is not { } halves)
            return null;
        if (result.GetValue(sample) > 100)
            throw new FailureException(TerminationReasons.InvalidOptions, "--payload-log-sample is percent, 0 to 100.");
        if (result.GetValue(batch) is < 1 or > 1000)
            throw new FailureException(TerminationReasons.InvalidOptions, "--payload-log-batch takes 1 to 1000 events.");
        var target = result.GetValue(to) is { Length: > 0 } given ? given : null;
        var isUrl = target?.Contains("://", StringComparison.Ordinal) == true;
        var isFolder = !isUrl && (target?.EndsWith('/') is true || Directory.Exists(target));
        Uri? sink = null;
        if (isUrl && !(Uri.TryCreate(target, UriKind.Absolute, out sink) && sink.Scheme is "http" or "https"))
            throw new FailureException(TerminationReasons.InvalidOptions, $"--payload-log-to {target} is neither an http or https URL nor a file or folder.");
        if (result.GetValue(folderSize) < 1 << 20)
            throw new FailureException(TerminationReasons.InvalidOptions, "--payload-log-max-size is 1Mi, at least.");
        return new PayloadSettings
        {
            Mode = halves switch { "request" => PayloadMode.Request, "response" => PayloadMode.Response, _ => PayloadMode.All },
            Sink = sink,
            File = isUrl || isFolder ? null : target,
            Folder = isFolder ? target : null,
            FolderBytes = result.GetValue(folderSize),
            SamplePercent = result.GetValue(sample),
            Exclude = Names(result.GetValue(exclude)).ToFrozenSet(),
            Headers = [.. Names(result.GetValue(headers))],
            QueueBytes = result.GetValue(queue),
            Batch = result.GetValue(batch),
            Interval = result.GetValue(interval),
            Timeout = result.GetValue(timeout),
        };
    }

    private static string[] Names(string? list) =>
        (list ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
