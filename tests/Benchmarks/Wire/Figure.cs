using System.Globalization;

namespace Sluice.Benchmarks.Wire;

/// <summary>One measured figure beside its floor.</summary>
/// <param name="Floor">NaN when it is told for comparison only.</param>
/// <param name="AtLeast">True when more is better.</param>
internal sealed record Figure(string What, double Measured, double Floor, bool AtLeast, string Unit, string Details = "")
{
    public bool IsJudged => !double.IsNaN(Floor);

    public bool Holds => AtLeast ? Measured >= Floor : Measured <= Floor;

    /// <summary>What one load does in a second against what another does.</summary>
    public static Figure Ratio(string what, Turns turns, int load, int to, double floor = double.NaN) => new(
        what, turns.Most(load) / turns.Most(to), floor, AtLeast: true, "x",
        string.Create(CultureInfo.InvariantCulture, $"({turns.Most(load):0}/s, {turns.Most(to):0}/s; medians {turns.Median(load):0}, {turns.Median(to):0})"));

    /// <summary>Microseconds that one load takes more than another.</summary>
    public static Figure Added(string what, Turns turns, int load, int to, double floor = double.NaN) =>
        new(what, turns.Least(load) - turns.Least(to), floor, AtLeast: false, "µs", Microseconds(turns, load, to));

    /// <summary>What one load takes against what another takes.</summary>
    public static Figure Slower(string what, Turns turns, int load, int to, double floor) =>
        new(what, turns.Least(load) / turns.Least(to), floor, AtLeast: false, "x", Microseconds(turns, load, to));

    private static string Microseconds(Turns turns, int load, int to) => string.Create(
        CultureInfo.InvariantCulture,
        $"({turns.Least(load):0.#} µs, {turns.Least(to):0.#} µs; medians {turns.Median(load):0.#}, {turns.Median(to):0.#})");

    private string Verdict => !IsJudged ? "-" : Holds ? "ok" : "MISS";

    private string Bound => IsJudged
        ? string.Create(CultureInfo.InvariantCulture, $"{(AtLeast ? "≥" : "≤")} {Floor:0.##} {Unit}")
        : "";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Verdict,-4} {What,-62} {Measured,9:0.##} {Unit,-5} {Bound} {Details}");

    /// <summary>The figures as lines, and once more as a table for docs/performance.md.</summary>
    public static void Print(string title, List<Figure> figures)
    {
        Console.WriteLine($"\n{title}");
        figures.ForEach(Console.WriteLine);
        Console.WriteLine("\n| what | floor | measured | |\n|---|---|---|---|");
        foreach (var f in figures)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {f.What} {f.Details} | {f.Bound} | {f.Measured:0.##} {f.Unit} | {f.Verdict} |"));
    }
}
