using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sluice.Conformance.Corpus;
using Sluice.Onnx;

namespace Sluice.Conformance.World;

/// <summary>The corpus, divided into what ONNX Runtime loads and what it does not.</summary>
/// <param name="Refused">Name and ONNX Runtime's reason.</param>
sealed partial record Preparation(
    ImmutableArray<PreparedCase> Loaded, ImmutableArray<(string Name, string Reason)> Refused)
{
    public static Preparation Of(IEnumerable<TestCase> cases)
    {
        var loaded = ImmutableArray.CreateBuilder<PreparedCase>();
        var refused = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var one in cases)
        {
            try
            {
                loaded.Add(PreparedCase.From(one));
            }
            catch (OnnxException e)
            {
                refused.Add((one.Name, e.Message));
            }
        }
        return new Preparation(loaded.ToImmutable(), refused.ToImmutable());
    }

    /// <summary>Reasons without what is particular to one model, the commonest first.</summary>
    public IEnumerable<(string Reason, int Count, string Example)> Reasons() => Refused
        .GroupBy(r => General(r.Reason))
        .OrderByDescending(g => g.Count())
        .Select(g => (g.Key, g.Count(), g.First().Name));

    static string General(string reason)
    {
        if (Unregistered().Match(reason) is { Success: true } unregistered)
            return unregistered.Value;
        if (Missing().Match(reason) is { Success: true } missing)
            return missing.Value;
        var text = Particular().Replace(reason, "…");
        return text.Length > 160 ? text[..160] + "…" : text;
    }

    [GeneratedRegex(@"[\w.]+\(?-?\d*\)? is not a registered function/op")]
    private static partial Regex Unregistered();

    [GeneratedRegex(@"Could not find an implementation for \w+\(\d+\)")]
    private static partial Regex Missing();

    /// <summary>Paths, and quoted names.</summary>
    [GeneratedRegex(@"/\S+|'[^']*'|\([^()]*\)")]
    private static partial Regex Particular();
}
