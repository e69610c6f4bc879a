using System.CommandLine;
using Sluice.Contract;
using Sluice.Monitoring.Drift;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Monitoring;

namespace Sluice.Runtime.Commands;

/// <summary>Options that say what is watched of the models, and what is drift.</summary>
internal sealed class MonitorOptions
{
    private static readonly DriftSettings Defaults = new();

    private readonly Option<string?> baseline = Options.Baseline();

    private readonly Option<int> learn = Options.Number(
        "--learn-baseline", "Take the first so many rows for the baseline, up to 100000; 0 learns none.", 0);

    private readonly Option<int> window = Options.Number("--drift-window", "Rows that are compared with the baseline together.", 1000);

    private readonly Option<TimeSpan> windowTime = Options.Duration(
        "--drift-window-time", "A window with fewer rows, but 50, is closed after this time.", TimeSpan.FromHours(1));

    private readonly Option<double> threshold = Options.Fraction(
        "--drift-threshold", "The score from which a feature counts as drifted, if chance alone does not reach it.", Defaults.Threshold);

    private readonly Option<double> falseAlarms = Options.Fraction(
        "--drift-false-alarms", "The share of windows without drift that may be found to have drifted.", Defaults.FalseAlarmRate, most: 0.5);

    private readonly Option<string?> method = Options.Word(
        "--drift-method",
        "How distances are measured; by default as suits a feature's type and the baseline's size.",
        [.. Enum.GetValues<DriftMethod>().Where(static m => m != DriftMethod.MissingShare).Select(static m => m.Name())]);

    private readonly Option<string?> expectations = Options.Expectations();

    private readonly Option<string?> violations = Options.Word(
        "--violations", "What a value comes to that is not as expected, whatever its expectation says.", ViolationResults.Count, ViolationResults.Reject);

    private readonly Option<int> remembered = Options.Number(
        "--feedback-window", "Predictions that are remembered for labels that come later, up to 1000000; 0 takes no labels.", 0);

    private readonly Option<int> rolling = Options.Number(
        "--feedback-rolling", "Latest rows with a label that accuracy and the like are measured on.", 1000);

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[baseline, learn, window, windowTime, threshold, falseAlarms, method, remembered, rolling, expectations, violations])
            command.Add(option);
    }

    /// <returns>Null when nothing is expected.</returns>
    /// <exception cref="FailureException">They cannot be read.</exception>
    public ExpectationSettings? ReadExpectations(ParseResult result) => result.GetValue(expectations) is { Length: > 0 } given
        ? new ExpectationSettings(ExpectationSet.Read(given), result.GetValue(violations))
        : null;

    /// <returns>Null when no labels are taken.</returns>
    /// <exception cref="FailureException">A number is out of range.</exception>
    public FeedbackSettings? ReadFeedback(ParseResult result) => (result.GetValue(remembered), result.GetValue(rolling)) switch
    {
        (0, _) => null,
        ( > 1_000_000, _) or (_, 0 or > 1_000_000) => throw new FailureException(
            TerminationReasons.InvalidOptions, "--feedback-window and --feedback-rolling take from 1 to 1000000."),
        var (window, latest) => new FeedbackSettings(window, latest),
    };

    /// <param name="result">What was said.</param>
    /// <param name="model">Beside it a baseline may lie.</param>
    /// <returns>Null when nothing is watched.</returns>
    /// <exception cref="FailureException">The options contradict each other.</exception>
    public MonitorSettings? Read(ParseResult result, string model)
    {
        var (given, rows) = (result.GetValue(baseline), result.GetValue(learn));
        // Who wants one learnt does not want the one beside the model.
        var file = given is null or "" && rows > 0 ? null : BaselineFile.Find(model, given);
        if (file is null or "" && rows == 0)
            return null;
        if (file is { Length: > 0 } && rows > 0)
            throw new FailureException(TerminationReasons.InvalidOptions, "--baseline names the baseline that --learn-baseline would learn; give one of them.");
        if (rows is not 0 and (< DriftTest.LeastRows or > 100_000))
            throw new FailureException(TerminationReasons.InvalidOptions, $"--learn-baseline takes from {DriftTest.LeastRows} to 100000 rows.");
        if (result.GetValue(window) < DriftTest.LeastRows)
            throw new FailureException(TerminationReasons.InvalidOptions, $"--drift-window takes {DriftTest.LeastRows} rows or more: fewer are no ground for a verdict.");
        return new MonitorSettings
        {
            Baseline = file is { Length: > 0 } ? file : null,
            RowsToLearn = rows,
            WindowRows = result.GetValue(window),
            WindowTime = result.GetValue(windowTime),
            Drift = new DriftSettings
            {
                Threshold = result.GetValue(threshold),
                FalseAlarmRate = result.GetValue(falseAlarms),
                Method = result.GetValue(method) is { } name ? DriftMethods.Find(name) : null,
            },
        };
    }
}
