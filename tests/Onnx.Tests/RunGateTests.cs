namespace Sluice.Onnx.Tests;

public sealed class RunGateTests
{
    [Fact]
    public async Task Calls_beyond_the_limit_wait_and_come_in_order()
    {
        var gate = new RunGate(limit: 1, queueLimit: 10);
        gate.EnterAsync(new RunTicket(), default).AsTask().IsCompletedSuccessfully.Should().BeTrue();
        var first = gate.EnterAsync(new RunTicket(), default).AsTask();
        var second = gate.EnterAsync(new RunTicket(), default).AsTask();
        (gate.Running, gate.Waiting).Should().Be((1, 2));

        gate.Exit();
        await first;
        second.IsCompleted.Should().BeFalse();
        gate.Exit();
        await second;
        gate.Exit();

        (gate.Running, gate.Waiting).Should().Be((0, 0));
    }

    [Fact]
    public async Task Who_names_a_priority_goes_before_who_names_a_higher_number_or_none()
    {
        var gate = new RunGate(limit: 1, queueLimit: 10);
        await gate.EnterAsync(new RunTicket(), default);
        long[] priorities = [0, 3, 1, 0, 3, 2];
        var waiting = priorities.Select(p => gate.EnterAsync(new RunTicket { Priority = p }, default).AsTask()).ToList();

        var order = new List<int>();
        while (waiting.Exists(w => !w.IsCompleted))
        {
            gate.Exit();
            var admitted = await Task.WhenAny(waiting.Where((_, i) => !order.Contains(i)));
            order.Add(waiting.IndexOf(admitted));
        }

        order.Should().Equal(2, 5, 1, 4, 0, 3);
    }

    [Fact]
    public async Task A_full_queue_refuses()
    {
        var gate = new RunGate(limit: 1, queueLimit: 0);
        await gate.EnterAsync(new RunTicket(), default);

        var entering = async () => await gate.EnterAsync(new RunTicket(), default);

        await entering.Should().ThrowAsync<GateFullException>();
    }

    [Fact]
    public async Task A_call_that_gives_up_leaves_the_queue()
    {
        var gate = new RunGate(limit: 1, queueLimit: 10);
        await gate.EnterAsync(new RunTicket(), default);
        using var source = new CancellationTokenSource();
        var ticket = new RunTicket();
        var waiting = gate.EnterAsync(ticket, source.Token).AsTask();

        await source.CancelAsync();

        await waiting.Awaiting(w => w).Should().ThrowAsync<OperationCanceledException>();
        gate.Waiting.Should().Be(0);
        var again = gate.EnterAsync(ticket, default).AsTask();
        gate.Exit();
        await again;
    }

    [Fact]
    public async Task A_withdrawn_ticket_ends_without_a_turn_when_its_call_was_done()
    {
        var gate = new RunGate(limit: 1, queueLimit: 10);
        (await gate.EnterAsync(new RunTicket(), default)).Should().BeTrue();
        var ticket = new RunTicket();
        var waiting = gate.EnterAsync(ticket, default).AsTask();

        gate.Withdraw(ticket).Should().BeTrue();
        gate.Withdraw(ticket).Should().BeFalse("it is out already");
        gate.Exit();
        waiting.IsCompleted.Should().BeFalse("it is not in the queue any more");
        ticket.Done();

        (await waiting).Should().BeFalse();
        (gate.Running, gate.Waiting).Should().Be((0, 0));
    }

    [Fact]
    public async Task Never_more_run_than_the_limit_allows()
    {
        var gate = new RunGate(limit: 3, queueLimit: 1000);
        int inside = 0, most = 0;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            var ticket = new RunTicket();
            for (var i = 0; i < 100; i++)
            {
                await gate.EnterAsync(ticket, default);
                var now = Interlocked.Increment(ref inside);
                lock (gate)
                    most = Math.Max(most, now);
                Interlocked.Decrement(ref inside);
                gate.Exit();
            }
        })));

        most.Should().BeLessThanOrEqualTo(3);
        (gate.Running, gate.Waiting).Should().Be((0, 0));
    }
}
