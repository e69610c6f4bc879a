using Sluice.Integration.BadModels;
using Sluice.Integration.World;
using Sluice.Support.Measuring;

namespace Sluice.Integration.Scenarios;

/// <summary>
/// Versions that must not win, against one that is well and has 200 requests per second. Nobody is failed, what serves
/// loses no pod, and status says why. The times are printed and fail nothing.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class BadModelTests(Trials trials) : IClassFixture<Trials>
{
    public static TheoryData<string> Names => [.. BadModelList.All.Select(static m => m.Name).Order(StringComparer.Ordinal)];

    [PodTheory]
    [MemberData(nameof(Names))]
    public async Task A_bad_version_never_wins_and_costs_nobody_an_answer(string name)
    {
        var trial = await trials.OfAsync(name);
        Measured.Report("bad model", trial.ToRow());
        var (model, sight) = (trial.Model, trial.Sight);

        trial.Failures.Should().BeEmpty($"of {trial.Load.Answers} answers none may fail");
        trial.StableAtTheEnd.Should().Be(trial.Stable);
        trial.PodsAfter.Should().Equal(trial.PodsBefore, "what serves stays as it is");
        sight.FewestReady.Should().Be(2, "and is Ready all the time");
        model.Reasons.Should().Contain(sight.Reason, $"status gave {sight.End}");
        sight.Message.Should().NotBeNullOrEmpty();
        if (model.Says is { } cause)
            sight.Message.Should().Contain(cause);
        if (model.NeverStarts)
            sight.Exposed.Should().BeNull();
        if (!model.Serves)
            trial.Candidate.Should().BeNull("no user may get its answers");
        (trial.Candidate?.LastAsked ?? DateTimeOffset.MinValue).Should().BeOnOrBefore(sight.Over!.Value, "nobody gets its answers when status says that nobody does");
    }
}
