using System.Collections.Immutable;
using Sluice.Contract.Metrics;
using Sluice.Onnx;
using Sluice.Runtime.Batching;
using Sluice.Runtime.Http;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;
using Sluice.Support.Models;
using Sluice.Support.Time;

namespace Sluice.Runtime.Tests.Batching;

/// <summary>Requests that come while another holds the only turn, and what becomes of them when it goes.</summary>
public sealed class BatcherTests : IDisposable
{
    private const int Float = 1, Long = 7;

    private static readonly ImmutableArray<double> Bounds = [1, 2, 3, 4, 5, 6, 7, 8];

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-batcher").FullName;
    private readonly RunGate gate = new(limit: 1, queueLimit: 6);
    private readonly ManualTime time = new();
    private readonly RunWatch watch;
    private readonly Histogram runs = new(Bounds);
    private readonly ServedModel model;

    /// <summary>y is the xth of 10, 20 and 30; another x is an error.</summary>
    public BatcherTests()
    {
        var file = new OnnxWriter()
            .Input("x", OnnxTypes.Tensor(Long, "n", "k")).Output("y", OnnxTypes.Tensor(Float, "n", "k"))
            .Floats("table", [3], 10, 20, 30).Node("Gather", ["table", "x"], ["y"]).Save(folder);
        watch = new RunWatch(TimeSpan.FromSeconds(1), time);
        var session = OnnxSession.Load(file, new SessionSettings());
        model = new ServedModel("m", "1", session, gate, watch, new RuntimeMetrics(time, string.Empty).For("m", "1"))
        {
            Batcher = new Batcher(session, new BatchPlan(MaxRows: 4, MostBytes: 1000), gate, runs),
        };
    }

    public void Dispose()
    {
        model.Dispose();
        watch.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Requests_that_wait_run_as_one_and_each_has_its_own_answer()
    {
        var answers = await AfterWaiting([[0], [1], [2], [1]]);

        answers.Should().BeEquivalentTo<object>(["10", "20", "30", "20"], o => o.WithStrictOrdering());
        Runs().Should().Equal(4);
        var statistics = model.Metrics.Statistics();
        (statistics.Inference.Count, statistics.Runs).Should().Be((4, 1));
        (gate.Running, gate.Waiting).Should().Be((0, 0));
    }

    [Fact]
    public async Task No_run_has_more_rows_than_are_allowed()
    {
        var answers = await AfterWaiting([[0], [1], [2], [0], [1], [2]]);

        answers.Should().Equal("10", "20", "30", "10", "20", "30");
        Runs().Should().Equal(2, 4);
    }

    [Fact]
    public async Task Requests_of_another_shape_neither_join_nor_keep_others_from_joining()
    {
        var answers = await AfterWaiting([[0], [1, 2], [2], [2, 1]]);

        answers.Should().Equal("10", "20 30", "30", "30 20");
        Runs().Should().Equal(2, 2);
    }

    [Fact]
    public async Task A_request_that_the_model_refuses_fails_alone()
    {
        var answers = await AfterWaiting([[0], [7], [2]]);

        answers[0].Should().Be("10");
        answers[1].Should().StartWith("400 ").And.Contain("refuses the input");
        answers[2].Should().Be("30");
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_it_waits_is_left_out()
    {
        using var patience = new CancellationTokenSource();
        (await gate.EnterAsync(new RunTicket(), default)).Should().BeTrue();
        var first = Ask([0]);
        var second = Ask([1], patience.Token);
        var third = Ask([2]);

        await patience.CancelAsync();
        (await second).Should().Be("gone");
        gate.Exit();

        (await first, await third).Should().Be(("10", "30"));
        Runs().Should().Equal(2);
    }

    [Fact]
    public async Task A_request_that_has_waited_too_long_gets_504_and_does_not_end_the_run_of_those_that_have_not()
    {
        (await gate.EnterAsync(new RunTicket(), default)).Should().BeTrue();
        var late = new[] { Ask([0]), Ask([1]) };
        time.Advance(TimeSpan.FromSeconds(2));
        var soon = new[] { Ask([2]), Ask([1]) };

        gate.Exit();

        (await Task.WhenAll(late)).Should().OnlyContain(static a => a.StartsWith("504 "));
        (await Task.WhenAll(soon)).Should().Equal("30", "20");
        (await Ask([0])).Should().Be("10", "a call is used again");
    }

    [Fact]
    public async Task A_run_that_nobody_waits_for_any_more_ends()
    {
        (await gate.EnterAsync(new RunTicket(), default)).Should().BeTrue();
        var late = new[] { Ask([0]), Ask([1]) };
        time.Advance(TimeSpan.FromSeconds(2));

        gate.Exit();

        (await Task.WhenAll(late)).Should().OnlyContain(static a => a.StartsWith("504 "));
        (gate.Running, gate.Waiting).Should().Be((0, 0));
    }

    [Fact]
    public async Task More_than_may_wait_are_told_to_come_later()
    {
        (await gate.EnterAsync(new RunTicket(), default)).Should().BeTrue();
        var waiting = Enumerable.Range(0, 6).Select(_ => Ask([0])).ToList();

        (await Ask([1])).Should().StartWith("503 ");

        gate.Exit();
        (await Task.WhenAll(waiting)).Should().AllBe("10");
    }

    [Fact]
    public async Task A_request_without_rows_runs_by_itself()
    {
        var call = model.Rent();
        call.Frame.Inputs[0].Start();
        call.Frame.Inputs[0].SetShape([0, 1]);

        await model.RunAsync(call, default);

        call.Frame.Outputs[0].Shape.ToArray().Should().Equal(0, 1);
        model.Return(call);
    }

    [Fact]
    public async Task Whoever_asks_gets_the_own_answer_with_thousands_of_requests_at_once_some_bad_and_some_given_up()
    {
        var wide = new RunGate(limit: 2, queueLimit: 10_000);
        using var session = OnnxSession.Load(Path.Combine(folder, "model.onnx"), new SessionSettings());
        using var served = new ServedModel("m", "1", session, wide, watch, new RuntimeMetrics(time, string.Empty).For("m", "1"))
        {
            Batcher = new Batcher(session, new BatchPlan(MaxRows: 8, MostBytes: 1000), wide, runs),
        };

        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 300; i++)
            {
                long[] row = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => (long)random.Next(3))];
                var isBad = random.Next(20) == 0;
                using var patience = new CancellationTokenSource();
                var asking = Ask(served, isBad ? [9] : row, random.Next(3) == 0 ? patience.Token : default);
                if (random.Next(10) == 0)
                    await patience.CancelAsync();
                var answer = await asking;
                var right = isBad ? "400" : string.Join(' ', row.Select(static x => 10 * (x + 1)));
                (answer == "gone" ? patience.IsCancellationRequested : answer.StartsWith(right, StringComparison.Ordinal)).Should().BeTrue(answer);
            }
        })));

        (wide.Running, wide.Waiting).Should().Be((0, 0));
    }

    /// <summary>All come while the turn is taken; then it is given.</summary>
    private async Task<string[]> AfterWaiting(long[][] rows)
    {
        (await gate.EnterAsync(new RunTicket(), default)).Should().BeTrue();
        var asked = rows.Select(r => Ask(r)).ToList();
        asked.Should().OnlyContain(static a => !a.IsCompleted);
        gate.Exit();
        return await Task.WhenAll(asked);
    }

    private Task<string> Ask(long[] row, CancellationToken patience = default) => Ask(model, row, patience);

    private static async Task<string> Ask(ServedModel served, long[] row, CancellationToken patience)
    {
        var call = served.Rent();
        try
        {
            var slot = call.Frame.Inputs[0];
            slot.Start();
            foreach (var x in row)
                slot.Append(x);
            slot.SetShape([1, row.Length]);
            await served.RunAsync(call, patience);
            return string.Join(' ', Numbers(call.Frame.Outputs[0]));
        }
        catch (RequestException e)
        {
            return $"{e.Status} {e.Message}";
        }
        catch (OperationCanceledException)
        {
            return "gone";
        }
        finally
        {
            served.Return(call);
        }
    }

    private static unsafe float[] Numbers(OnnxValue value) => new ReadOnlySpan<float>(value.Data, (int)value.Count).ToArray();

    /// <summary>Rows of each run, ascending.</summary>
    private IEnumerable<int> Runs()
    {
        var (before, counts) = (0L, runs.Cumulative());
        for (var i = 0; i < Bounds.Length; i++)
        {
            for (; before < counts[i]; before++)
                yield return i + 1;
        }
    }
}
