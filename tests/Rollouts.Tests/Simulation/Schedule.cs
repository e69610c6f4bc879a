namespace Sluice.Rollouts.Tests.Simulation;

/// <summary>A cluster's shape and a list of numbers, each of which is an event: so a schedule can be printed, shortened and run again.</summary>
internal static class Schedule
{
    static readonly Failure Crashing = new("CrashLoopBackOff", "it ends again and again.", Final: false);
    static readonly Failure Corrupt = new("CorruptModel", "it cannot be loaded.", Final: true);

    /// <exception cref="InvariantException">Something that must always hold did not.</exception>
    public static void Run(int shape, IReadOnlyList<int> events)
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
                Happen(cluster, code % 32, code / 32);
            Settle(cluster);
        }
        catch (Exception e)
        {
            throw new InvariantException($"{e.Message}\nreplay: SIMULATE_REPLAY={shape}:{string.Join(',', events)}\n{string.Join('\n', cluster.Story.TakeLast(25))}");
        }
    }

    static void Happen(SimulatedCluster cluster, int kind, int argument)
    {
        switch (kind)
        {
            case 0 or 1:
                cluster.Plan = cluster.Plan with { Wanted = Revision(argument) };
                break;
            case 2:
                cluster.Plan = cluster.Plan with { Wanted = argument % 3 == 0 ? null : Revision(argument) };
                break;
            case 3 or 4 or 5:
                cluster.PodBecomesReady(argument, everybody: argument % 2 == 0);
                break;
            case 6:
                cluster.PodsCrash(argument, (argument / 3 % 6) switch { 0 => Crashing, 1 => Corrupt, _ => null });
                break;
            case 7:
                cluster.AutoscalerAdds(argument);
                break;
            case 8 or 9:
                cluster.EndpointsFollow();
                break;
            case 10:
                cluster.Plan = cluster.Plan with { Paused = argument % 3 == 0 };
                break;
            case 11:
                cluster.TimePasses(TimeSpan.FromSeconds((argument % 400) - 20));
                break;
            case 12:
                cluster.Remember();
                break;
            case 13:
                cluster.Pass(stale: true);
                break;
            case 14 or 15:
                cluster.Pass(writes: argument % 7);
                break;
            case 16 or 17:
                cluster.PodsApplyTheSplit();
                break;
            case 18:
                cluster.Plan = cluster.Plan with { Steps = Steps(argument) };
                break;
            case 19:
                cluster.Plan = cluster.Plan with { Soak = TimeSpan.FromSeconds(argument % 4 * 60), Gates = argument / 4 % 2 == 0 ? [] : ["errors"] };
                break;
            case 20:
                cluster.Plan = cluster.Plan with { Approve = argument % 4 == 0 ? null : new Approval(Revision(argument).Digest, argument / 4 % 3 == 0 ? null : argument / 12 % 3) };
                break;
            case 21:
                cluster.Plan = argument % 3 == 0
                    ? cluster.Plan with { Abort = Revision(argument / 3).Digest }
                    : cluster.Plan with { Abort = null, Retry = (argument / 3 % 5).ToString() };
                break;
            case 22:
                cluster.Gate = (argument % 5) switch { 0 => null, 1 => Verdict.Fail, 2 => Verdict.Undecided, _ => Verdict.Pass };
                cluster.StaleGate = argument / 5 % 4 == 0;
                cluster.Comparisons = argument / 20 % 2 == 0 ? null : 1000;
                break;
            case 23:
                cluster.Silent = argument % 3 == 0;
                cluster.Lie = argument % 3 == 1 ? TrafficSplit.Of(new Share("a", 100 - (argument % 51)), new Share("b", argument % 51)) : null;
                break;
            case 24:
                Edit(cluster, argument);
                break;
            default:
                cluster.Pass();
                break;
        }
    }

    static void Edit(SimulatedCluster cluster, int argument)
    {
        switch (argument % 6)
        {
            case 0:
                cluster.SomebodyMovesTheFront(argument / 6);
                break;
            case 1:
                cluster.SomebodyWritesTheSplit(argument / 6);
                break;
            case 2:
                cluster.StatusIsLost();
                break;
            default:
                cluster.SomebodyScales(argument / 6);
                break;
        }
    }

    static System.Collections.Immutable.ImmutableArray<Step> Steps(int argument) => (argument % 7) switch
    {
        0 => StepList.Immediate,
        1 => StepList.Canary([]),
        2 => StepList.BlueGreen(argument / 7 % 2 == 0 ? [] : [new Step(0) { Approval = true }, new Step(100)]),
        3 => StepList.Shadow([]),
        4 => StepList.ABTest([]),
        5 => StepList.Manual(argument / 7 % 101),
        _ => [new Step(0, 50) { MinRequests = 100 }, new Step(10) { For = TimeSpan.FromSeconds(30) }, new Step(30) { Approval = true }, new Step(100) { For = TimeSpan.FromSeconds(5) }],
    };

    static Revision Revision(int argument) => new[] { Given.A, Given.B, Given.C }[argument % 3];

    /// <summary>Nobody holds anything, pods start, endpoints and splits follow, gates pass: what is asked for must come to serve alone.</summary>
    static void Settle(SimulatedCluster cluster)
    {
        var wanted = cluster.Plan.Wanted ?? Given.B;
        cluster.Plan = cluster.Plan with { Wanted = wanted, Paused = false, Abort = null, Retry = "settle", Approve = new Approval(wanted.Digest, null) };
        if (cluster.Plan.Steps.Any(static s => s.Held))
            cluster.Plan = cluster.Plan with { Steps = StepList.Immediate };
        (cluster.Silent, cluster.Lie, cluster.Gate, cluster.StaleGate, cluster.Comparisons) = (false, null, Verdict.Pass, false, 1000);
        for (var round = 0; round < 90 && !(round > 2 && cluster.IsSettledOn(wanted)); round++)
        {
            // What fails while the world is still being put in order is blocked, and tried again on demand.
            if (round == 15)
                cluster.Plan = cluster.Plan with { Retry = "settled" };
            cluster.Pass();
            cluster.PodBecomesReady(0, everybody: true);
            cluster.EndpointsFollow();
            cluster.PodsApplyTheSplit();
            cluster.TimePasses(TimeSpan.FromSeconds(30));
        }

        Invariants.Require(cluster.IsSettledOn(wanted), $"{wanted.Name} does not come to serve: {cluster.Summary}");
    }
}
