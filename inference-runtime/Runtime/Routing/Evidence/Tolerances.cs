using Sluice.Contract;

namespace Sluice.Runtime.Routing.Evidence;

/// <summary>How far numbers of an output may be apart and still be the same.</summary>
/// <param name="Relative">To the larger one.</param>
/// <param name="Absolute">Beside that.</param>
/// <param name="Decides">Whether a number beyond it makes the whole answer another one.</param>
internal readonly record struct Tolerance(double Relative, double Absolute, bool Decides)
{
    public static Tolerance Default { get; } = new(OutputTolerance.DefaultRelative, OutputTolerance.DefaultAbsolute, Decides: false);

    public static Tolerance Of(OutputTolerance wished) =>
        new(wished.Relative ?? (wished.Absolute is null ? OutputTolerance.DefaultRelative : 0), wished.Absolute ?? OutputTolerance.DefaultAbsolute, Decides: true);

    public bool Allows(double one, double other) =>
        Math.Abs(one - other) <= Absolute + (Relative * Math.Max(Math.Abs(one), Math.Abs(other)));
}

/// <summary>The tolerance of each output.</summary>
internal sealed class Tolerances
{
    private readonly Dictionary<string, Tolerance> named = [];
    private readonly Tolerance others = Tolerance.Default;

    public Tolerances(IEnumerable<OutputTolerance> wished)
    {
        foreach (var tolerance in wished)
        {
            if (tolerance.Output is { } output)
                named[output] = Tolerance.Of(tolerance);
            else
                others = Tolerance.Of(tolerance);
        }
    }

    public static Tolerances Default { get; } = new([]);

    public Tolerance Of(string output) => named.TryGetValue(output, out var tolerance) ? tolerance : others;
}
