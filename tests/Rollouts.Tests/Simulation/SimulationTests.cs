using FsCheck;
using FsCheck.Fluent;

namespace Sluice.Rollouts.Tests.Simulation;

/// <summary>Random schedules: invariants after every event, and a good end once the world is left in peace.</summary>
public sealed class SimulationTests
{
    const int Schedules = 3000;

    [Fact]
    public void No_schedule_breaks_an_invariant_and_every_one_ends_well() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 9999).ArrayOf(), Shorter), Gen.Choose(0, 3).ToArbitrary(), (events, shape) => Run(events, shape))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Schedules).WithEndSize(120));

    /// <summary>Whatever can be left out without the failure going away.</summary>
    static IEnumerable<int[]> Shorter(int[] events)
    {
        if (events.Length > 8)
        {
            yield return events[(events.Length / 2)..];
            yield return events[..(events.Length / 2)];
        }

        for (var i = 0; i < events.Length; i++)
            yield return [.. events[..i], .. events[(i + 1)..]];
    }

    static bool Run(int[] events, int shape)
    {
        var cluster = shape switch
        {
            0 => new SimulatedCluster(1, 1),
            1 => new SimulatedCluster(3, 3),
            2 => new SimulatedCluster(1, 4),
            _ => new SimulatedCluster(2, 6),
        };
        try
        {
            foreach (var code in events)
                Happen(cluster, code % 20, code / 20);
            Settle(cluster);
        }
        catch (InvariantException e)
        {
            throw new InvariantException($"{e.Message}\n{string.Join('\n', cluster.Story.TakeLast(25))}");
        }

        return true;
    }

    static void Happen(SimulatedCluster cluster, int kind, int argument)
    {
        switch (kind)
        {
            case 0 or 1:
                cluster.Wanted = new[] { Given.A, Given.B, Given.C }[argument % 3];
                break;
            case 2:
                cluster.Wanted = null;
                break;
            case 3 or 4 or 5:
                cluster.PodBecomesReady(argument);
                break;
            case 6:
                cluster.PodsCrash(argument);
                break;
            case 7:
                cluster.AutoscalerAdds(argument);
                break;
            case 8 or 9:
                cluster.EndpointsFollow();
                break;
            case 10:
                cluster.Paused = argument % 2 == 0;
                break;
            case 11:
                cluster.TimePasses(TimeSpan.FromSeconds(argument * 3));
                break;
            case 12:
                cluster.Remember();
                break;
            case 13:
                cluster.Pass(stale: true);
                break;
            case 14 or 15:
                cluster.Pass(writes: argument % 6);
                break;
            default:
                cluster.Pass();
                break;
        }
    }

    /// <summary>Pods start, endpoints follow, the operator works: what is asked for must come to serve alone.</summary>
    static void Settle(SimulatedCluster cluster)
    {
        cluster.Wanted ??= Given.B;
        cluster.Paused = false;
        for (var round = 0; round < 40; round++)
        {
            cluster.Pass();
            cluster.PodBecomesReady(0, everybody: true);
            cluster.EndpointsFollow();
            cluster.TimePasses(TimeSpan.FromSeconds(1));
        }

        if (!cluster.IsSettledOn(cluster.Wanted))
            throw new InvariantException($"{cluster.Wanted.Name} does not come to serve: front {cluster.Selected}, pods of {string.Join(',', cluster.Deployed)}");
    }
}
