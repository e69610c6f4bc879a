using System.Globalization;

namespace Sluice.Benchmarks.Wire;

/// <summary>One measured figure beside its floor.</summary>
/// <param name="Floor">NaN when it is told for comparison only.</param>
/// <param name="AtLeast">True when more is better.</param>
internal sealed record Figure(string What, double Measured, double Floor, bool AtLeast, string Unit, string Details = "")
{
    public bool IsJudged => !double.IsNaN(Floor);

    public bool Holds => AtLeast ? Measured >= Floor : Measured <= Floor;

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
