using Sluice.Kubernetes.Election;
using Sluice.Kubernetes.Tests.Fakes;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Election;

public sealed class LeaderElectorTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();
    private readonly LeaseStore _store = new();

    private Candidate Stand(string identity, TimeSpan wallSkew = default, Func<string, LeaseFault>? fault = null) =>
        new(identity, _store, _time, wallSkew, fault);

    /// <summary>Lets time pass in small steps. Renewals run inside of them, so none is late on a busy machine.</summary>
    private void Pass(TimeSpan span, Action? atEachStep = null)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += Second / 4)
        {
            _time.Advance(Second / 4);
            atEachStep?.Invoke();
        }
    }

    [Fact]
    public async Task The_first_to_come_leads_and_keeps_leading()
    {
        await using var a = Stand("a");
        await a.LeadsAsync();

        Pass(TimeSpan.FromMinutes(1), () => a.Elector.IsLeader.Should().BeTrue());

        _store.Lease!.Spec.Should().BeEquivalentTo(new { HolderIdentity = "a", LeaseDurationSeconds = 15, LeaseTransitions = 0 });
        _store.Writes.Should().BeInRange(25, 31, "it renews every two seconds");
    }

    [Fact]
    public async Task The_second_waits_for_as_long_as_the_first_renews()
    {
        await using var a = Stand("a");
        await a.LeadsAsync();
        await using var b = Stand("b");
        await b.SeesAsync("a");

        Pass(TimeSpan.FromMinutes(2), () => b.Elector.IsLeader.Should().BeFalse());

        b.Elector.Holder.Should().Be("a");
        b.Began.Should().BeFalse();
    }

    [Fact]
    public async Task A_dead_leader_is_followed_after_the_lease_and_not_before()
    {
        await using var a = Stand("a");
        await a.LeadsAsync();
        await using var b = Stand("b");
        await b.SeesAsync("a");
        Pass(Second * 4);
        a.Leases.Fault = _ => LeaseFault.Refused;
        var died = _time.Elapsed;

        while (!b.Elector.IsLeader && _time.Elapsed - died < TimeSpan.FromMinutes(1))
            _time.Advance(Second / 10);

        (_time.Elapsed - died).Should().BeGreaterThan(Second * 13).And.BeLessThan(Second * 22);
        await a.LosesAsync();
        _store.Lease!.Spec!.LeaseTransitions.Should().Be(1);
    }

    [Fact]
    public async Task Who_cannot_renew_stops_at_its_deadline_which_is_before_the_lease_ends()
    {
        await using var a = Stand("a");
        await a.LeadsAsync();
        a.Leases.Fault = _ => LeaseFault.NoAnswer;

        Pass(Second * 9, () => a.Lost.Should().BeFalse("errors before the deadline are only tried again"));
        Pass(Second * 3);

        await a.LosesAsync();
        a.Elector.IsLeader.Should().BeFalse();
        await a.EndsAsync<LeadershipLostException>("*could not be renewed for 00:00:10*");
    }

    [Fact]
    public async Task A_short_outage_is_survived()
    {
        await using var a = Stand("a");
        await a.LeadsAsync();
        a.Leases.Fault = _ => LeaseFault.Refused;
        Pass(Second * 7);
        a.Leases.Fault = _ => LeaseFault.None;

        Pass(Second * 30, () => a.Lost.Should().BeFalse());

        a.Elector.IsLeader.Should().BeTrue();
    }

    [Theory]
    [InlineData("create")]
    [InlineData("update")]
    public async Task A_lost_answer_is_found_out_by_reading(string verb)
    {
        var losses = 0;
        await using var a = Stand("a", fault: v => v == verb && losses++ == 0 ? LeaseFault.LostAnswer : LeaseFault.None);
        await a.TriesAsync();

        Pass(Second * 10);

        a.Elector.IsLeader.Should().BeTrue();
        a.Lost.Should().BeFalse();
        _store.Lease!.Spec!.LeaseTransitions.Should().Be(0, "nobody else held it");
        losses.Should().BeGreaterThan(0);
    }

    [Fact]
    public async Task A_lease_taken_by_someone_else_ends_leadership_at_once()
    {
        await using var a = Stand("a");
        await a.LeadsAsync();
        var lease = _store.Lease!;
        _store.Write(lease with { Spec = lease.Spec! with { HolderIdentity = "thief" } }, create: false);

        Pass(Second * 3);

        await a.EndsAsync<LeadershipLostException>("thief holds the lease ns/lease now.");
        await a.LosesAsync();
    }

    [Fact]
    public async Task A_lease_that_was_deleted_is_made_again()
    {
        await using var a = Stand("a");
        await a.LeadsAsync();
        _store.Delete();

        Pass(Second * 5);

        a.Elector.IsLeader.Should().BeTrue();
        _store.Holder.Should().Be("a");
    }

    [Fact]
    public async Task On_a_stop_the_work_is_finished_the_lease_kept_until_then_and_given_up_after()
    {
        await using var a = Stand("a");
        await a.LeadsAsync();
        await using var b = Stand("b");
        await b.SeesAsync("a");
        await a.StopAsync();
        Pass(Second * 20, () => (a.Elector.IsLeader, b.Elector.IsLeader).Should().Be((true, false), "the work of a goes on"));

        a.Finish();
        await a.EndsAsync();
        (_store.Holder, _store.Lease!.Spec!.LeaseDurationSeconds).Should().Be(("", 1));
        Pass(Second * 3);

        b.Elector.IsLeader.Should().BeTrue("a given up lease is free at once");
        a.Lost.Should().BeFalse();
    }

    [Fact]
    public async Task A_stop_while_waiting_is_a_quiet_end_and_leaves_the_lease_alone()
    {
        await using var a = Stand("a");
        await a.LeadsAsync();
        await using var b = Stand("b");
        await b.SeesAsync("a");
        Pass(Second * 3);

        await b.StopAsync();

        await b.EndsAsync();
        b.Began.Should().BeFalse();
        _store.Holder.Should().Be("a");
    }

    [Fact]
    public async Task Work_that_fails_ends_the_election_with_its_error_and_without_the_lease()
    {
        await using var a = Stand("a");
        await a.LeadsAsync();

        a.Finish(new InvalidOperationException("boom"));

        await a.EndsAsync<InvalidOperationException>("boom");
        _store.Holder.Should().Be("");
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public async Task Clocks_that_are_wrong_do_not_matter(int seconds)
    {
        await using var a = Stand("a");
        await a.LeadsAsync();
        await using var b = Stand("b", wallSkew: TimeSpan.FromSeconds(seconds));
        await b.SeesAsync("a");
        Pass(TimeSpan.FromMinutes(1), () => b.Elector.IsLeader.Should().BeFalse());
        _time.SkewWall(TimeSpan.FromHours(-3));
        Pass(TimeSpan.FromMinutes(1), () => (a.Elector.IsLeader, b.Elector.IsLeader).Should().Be((true, false)));
    }

    [Theory]
    [InlineData(10, 10, 2, "*lease duration (00:00:10) must be longer than the renew deadline*")]
    [InlineData(15, 2.4, 2, "*renew deadline (00:00:02.4000000) must be longer than 1.2 times the retry period*")]
    [InlineData(15, 10, 0, "*at least a second and the retry period positive*")]
    public void Times_that_would_allow_two_leaders_are_refused(double duration, double deadline, double retry, string message) =>
        FluentActions.Invoking(() => new LeaderElector(new FakeLeases(_store), new LeaderElectionOptions
        {
            Lease = Candidate.Key,
            Identity = "a",
            Duration = TimeSpan.FromSeconds(duration),
            RenewDeadline = TimeSpan.FromSeconds(deadline),
            RetryPeriod = TimeSpan.FromSeconds(retry),
        })).Should().Throw<ArgumentException>().WithMessage(message);

    [Fact]
    public void Identities_are_never_the_same_twice() =>
        LeaderElectionOptions.UniqueIdentity("pod").Should().StartWith("pod_").And.NotBe(LeaderElectionOptions.UniqueIdentity("pod"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Never_two_lead_whatever_the_network_does_and_in_peace_one_does(int seed)
    {
        var random = new Random(seed);
        var candidates = new List<Candidate>();
        var next = 0;
        await using var all = new Everyone(candidates);
        for (var step = 0; step < 400; step++)
        {
            candidates.RemoveAll(c => c.HasEnded);
            while (candidates.Count < 3)
            {
                candidates.Add(Stand($"p{next++}", TimeSpan.FromSeconds(random.Next(-1000, 1000))));
                await candidates[^1].TriesAsync();
            }

            if (random.Next(8) == 0)
                candidates[random.Next(3)].Leases.Fault = RandomFaults(random);
            if (random.Next(60) == 0)
                await candidates[random.Next(3)].StopAsync(finish: true);
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 1500)));
            await SettledAsync(candidates);
            NotTwo(candidates);
        }

        foreach (var candidate in candidates)
            candidate.Leases.Fault = static _ => LeaseFault.None;
        for (var step = 0; step < 90; step++)
        {
            _time.Advance(Second / 2);
            await SettledAsync(candidates);
            NotTwo(candidates);
        }

        candidates.RemoveAll(c => c.HasEnded);
        _store.Writes.Should().BeGreaterThan(20);
        (candidates.Count == 0 || candidates.Any(c => c.Elector.IsLeader)).Should().BeTrue("in peace somebody leads");
    }

    private static Task SettledAsync(List<Candidate> candidates) =>
        Eventually.TrueAsync(() => candidates.All(c => c.IsWaiting), "everyone to wait for time to pass");

    private static Func<string, LeaseFault> RandomFaults(Random random)
    {
        // Cut off entirely, or troubled more or less often, or not at all, so that outages end.
        if (random.Next(3) == 0)
            return static _ => LeaseFault.Refused;
        var (seed, often) = (random.Next(), random.Next(3) * 0.45);
        var own = new Random(seed);
        return _ =>
        {
            lock (own)
                return own.NextDouble() < often ? (LeaseFault)own.Next(1, 5) : LeaseFault.None;
        };
    }

    // A may have given the lease up to B between two looks; who really leads with another still does at the third.
    private static void NotTwo(List<Candidate> candidates)
    {
        var first = candidates.Where(c => c.Elector.IsLeader).ToList();
        var still = first.Where(c => c.Elector.IsLeader).ToList();
        still = [.. still.Where(c => c.Elector.IsLeader)];
        still.Select(c => c.Identity).Should().HaveCountLessThanOrEqualTo(1);
    }

    private sealed class Everyone(List<Candidate> candidates) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var candidate in candidates)
                await candidate.DisposeAsync();
        }
    }
}
