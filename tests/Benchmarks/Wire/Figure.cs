using System.Globalization;

namespace Sluice.Benchmarks.Wire;

/// <summary>One measured figure beside its floor.</summary>
/// <param name="AtLeast">True when more is better.</param>
internal sealed record Figure(string What, double Measured, double Floor, bool AtLeast, string Unit, string Details = "")
{
    public bool Holds => AtLeast ? Measured >= Floor : Measured <= Floor;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Holds ? "ok  " : "MISS")} {What,-58} {Measured,9:0.##} {Unit,-5} {(AtLeast ? "≥" : "≤")} {Floor:0.##} {Details}");
}
