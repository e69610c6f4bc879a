using System.Collections.Immutable;
using Sluice.Conformance.Wire;
using Sluice.Support.Programs;

namespace Sluice.Conformance.World;

/// <summary>One transport's outcomes over the corpus.</summary>
sealed record Survey(string Transport, ImmutableArray<Outcome> Outcomes)
{
    public IEnumerable<Outcome> Failed => Outcomes.Where(o => o.Result == Result.Failed);

    public int Count(Result result) => Outcomes.Count(o => o.Result == result);

    public static async Task<Survey> RunAsync(Transport transport, IEnumerable<PreparedCase> cases)
    {
        var outcomes = ImmutableArray.CreateBuilder<Outcome>();
        foreach (var one in cases)
            outcomes.Add(Judge.Decide(one, await transport.InferAsync(one), transport.IsTyped));
        return new Survey(transport.Name, outcomes.ToImmutable());
    }

    /// <summary>One line for each model.</summary>
    public void Save()
    {
        var file = Checkout.Path("artifacts", "test", $"conformance-{Transport.Replace(' ', '-')}.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllLines(file, Outcomes.Select(o => $"{o.Result}\t{o.Name}\t{o.Detail.ReplaceLineEndings(" ")}"));
    }

    public override string ToString() =>
        $"{Count(Result.Passed)} passed, {Count(Result.RefusedByRule)} FP16 or BF16 refused with the hint, "
        + $"{Count(Result.KnownToDiffer)} differ in ONNX Runtime itself, {Count(Result.Failed)} failed";
}
