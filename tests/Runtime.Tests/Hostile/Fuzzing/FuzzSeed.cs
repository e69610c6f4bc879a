using System.Globalization;

namespace Sluice.Runtime.Tests.Hostile.Fuzzing;

/// <summary>What the fuzzers' choices follow from. The same seed sends the same requests; failures name it.</summary>
internal static class FuzzSeed
{
    private const string Variable = "SLUICE_FUZZ_SEED";

    /// <summary>Fixed, so that a change is judged by itself and not by luck, unless the variable says another.</summary>
    public static int Value { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : 1;

    public static string Replay => $"replay with {Variable}={Value}";
}
