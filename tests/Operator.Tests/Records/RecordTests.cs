using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Records;
using Sluice.Operator.Tests.Support;
using Sluice.Rollouts;
using Sluice.Rollouts.Evidence;
using Sluice.Rollouts.Records;

namespace Sluice.Operator.Tests.Records;

public sealed class RecordTests
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly Revision A = new("iris-a", "iris-1", "https://models/a", "sha256:aa");
    static readonly Revision B = new("iris-b", "iris-2", "https://models/b", "sha256:bb");

    [Fact]
    public void What_was_written_is_read_again_and_decides_the_same()
    {
        var record = Record(2);

        var read = RecordText.Read(RecordText.Pack(record).Bytes);

        Json(read).Should().Be(Json(record));
        Replay.Of(read).Should().OnlyContain(static r => r.Differences.IsEmpty).And.HaveCount(2);
        var evidence = read.Decisions[^1].Judged!.Evidence;
        evidence.Candidate.Latencies.Bounds.Should().Equal(record.Decisions[^1].Judged!.Evidence.Candidate.Latencies.Bounds);
        evidence.Queries["revenue"].Should().Be(double.NaN);
        read.Asked.Single().Should().Be(record.Asked.Single());
    }

    [Fact]
    public void It_is_read_plain_and_out_of_its_ConfigMap_too()
    {
        var record = Record(2);
        var service = Manifests.Service("{predictor: {model: {storageUri: 'https://m/a.onnx'}}}");
        var map = AttemptRecordFor.Render(service, record.Attempt, B.Name, RecordText.Pack(record).Bytes);
        var manifest = JsonSerializer.SerializeToNode(map, KubeJson.Default.ConfigMap)!.AsObject();
        manifest["kind"] = "ConfigMap";

        Json(RecordText.Read(Encoding.UTF8.GetBytes(Json(record)))).Should().Be(Json(record));
        Json(RecordText.Read(Encoding.UTF8.GetBytes(manifest.ToJsonString()))).Should().Be(Json(record));
        map.Metadata.Name.Should().Be("iris-attempt-2");
        AttemptRecordFor.AttemptOf(map).Should().Be(2);
    }

    [Theory]
    [InlineData("", "no record of an attempt")]
    [InlineData("[]", "no record of an attempt")]
    [InlineData("{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}", "no record.json.gz in its binaryData")]
    [InlineData("{\"format\":9,\"attempt\":1,\"stable\":null,\"candidate\":null,\"asked\":[],\"decisions\":[],\"omitted\":0}", "format is 9")]
    public void What_is_none_is_refused_with_the_reason(string text, string reason) =>
        FluentActions.Invoking(() => RecordText.Read(Encoding.UTF8.GetBytes(text))).Should().Throw<InvalidDataException>().WithMessage($"*{reason}*");

    [Fact]
    public void A_small_file_that_would_fill_the_memory_is_refused()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 65; i++)
                gzip.Write(zeros);
        }

        FluentActions.Invoking(() => RecordText.Read(packed.ToArray())).Should().Throw<InvalidDataException>().WithMessage("*longer than*");
    }

    [Fact]
    public void Latencies_in_other_buckets_come_back_as_they_were()
    {
        var latencies = new Latencies([0.001, 0.1, 3], [1, 0, 0, 7]);

        var text = JsonSerializer.Serialize(latencies, RecordJson.Default.Latencies);
        var read = JsonSerializer.Deserialize(text, RecordJson.Default.Latencies)!;

        read.Bounds.Should().Equal(latencies.Bounds);
        read.Counts.Should().Equal(latencies.Counts);
    }

    [Fact]
    public void A_record_is_held_within_the_size_of_an_object()
    {
        var record = Record(2);
        var random = new Random(5);
        // Words that do not compress, so that the decisions are too large together.
        record = record with
        {
            Decisions = [.. Enumerable.Range(0, 100).Select(_ => record.Decisions[^1] with
            {
                Decision = record.Decisions[^1].Decision with { NextAction = Convert.ToBase64String(Bytes(random, 6000)) },
            })],
        };

        var (bytes, packed) = RecordText.Pack(record);

        bytes.Length.Should().BeLessThanOrEqualTo(RecordText.LimitBytes);
        packed.Decisions.Length.Should().BeInRange(10, 99);
        (packed.Omitted + packed.Decisions.Length).Should().Be(100);
        Json(RecordText.Read(bytes)).Should().Be(Json(packed));
    }

    [Fact]
    public void The_command_tells_each_decision_and_whether_it_is_the_same()
    {
        var record = Record(2);
        var text = new StringWriter();

        ReplayCommand.Print(record, text).Should().Be(ReplayCommand.Same);
        text.ToString().Should().Contain("Attempt 2: iris-2 (iris-b) for iris-1 (iris-a)").And.Contain("errors Fail: 50 % of 1000 failed")
            .And.Contain("All 2 decisions come out the same");

        var last = record.Decisions[^1];
        var forged = record with { Decisions = record.Decisions.SetItem(1, last with { Decision = last.Decision with { Front = "iris-b" } }) };
        ReplayCommand.Print(forged, text).Should().Be(ReplayCommand.Different);
        text.ToString().Should().Contain("DIFFERENT: the front was iris-b, and is iris-a").And.Contain("1 of 2 decisions come out otherwise");
    }

    /// <summary>A candidate at a step, held at first and sent back then.</summary>
    static AttemptRecord Record(int attempt)
    {
        ImmutableArray<Gate> gates =
        [
            new ErrorRate("errors", 0.01, 0.01) { MaxDuration = TimeSpan.FromMinutes(9) }, new Latency("tail", 0.99, 0.5, 1.1), new NanRate("finite", null, 0),
            new Agreement("same", 0.99, "label"), new Drift("drift", 0.1, 0.05), new Accuracy("right", 0.9, null), new PromQuery("revenue", 1, null),
        ];
        var plan = new RolloutPlan(B, 1, 1, TimeSpan.FromMinutes(10), false)
        {
            Steps = [new Step(20) { For = TimeSpan.FromMinutes(1) }, new Step(50)],
            Gates = [.. gates.Select(static g => g.Name)],
            Approve = new Approval(B.Digest, 1),
        };
        var before = RolloutState.Empty with
        {
            Stable = A, Candidate = B, Attempt = attempt, Stage = Stage.Analyzing, StartedTime = Noon, StageTime = Noon, Step = 0, StepTime = Noon, Weight = 20,
            StepsHash = "other", History = [new FinishedAttempt(1, A, RolloutOutcome.Promoted, Noon, Noon, "It serves.")],
        };
        var seen = new Observation(
            [new RevisionObservation(A, 1, 1, null), new RevisionObservation(B, 1, 1, null)], new FrontObservation("iris-a", ["iris-a"]))
        {
            Split = TrafficSplit.Of(new Share("iris-a", 80), new Share("iris-b", 20)).Copying("iris-b", 10),
        };
        var asked = new AskedFor(plan, gates);
        var first = Take(plan, gates, before, seen, 0, Noon);
        var record = AttemptRecord.Begin(first, asked)!;
        return record.With(Take(plan, gates, before, seen, 500, Noon + TimeSpan.FromSeconds(3)), asked);
    }

    static RecordedDecision Take(RolloutPlan plan, ImmutableArray<Gate> gates, RolloutState state, Observation seen, long failed, DateTimeOffset now)
    {
        var counts = new long[Contract.LatencyBuckets.Bounds.Length + 1];
        counts[600] = 1000;
        var evidence = new StepEvidence
        {
            Candidate = new RevisionEvidence
            {
                Failures = new Tally(failed, 1000), Latencies = new Latencies(Contract.LatencyBuckets.Bounds, [.. counts]), Right = new Tally(9, 10),
            },
            Stable = new RevisionEvidence { Failures = new Tally(0, 4000) },
            Agreement = new AgreementEvidence { Different = new Tally(1, 9), Outputs = ImmutableDictionary<string, Tally>.Empty.Add("label", new Tally(1, 9)) },
            Drift = new DriftEvidence(0.2, 500),
            Queries = ImmutableDictionary<string, double>.Empty.Add("revenue", double.NaN),
            Incomplete = failed == 0 ? "a pod cannot be read" : null,
        };
        var judged = Judged.Of(gates, plan.Steps, 0, evidence, now - Noon);
        seen = seen with { Verdicts = [.. judged.Findings.Select(f => f.For(state.Attempt, state.Step))] };
        return RecordedDecision.Of(state, seen, judged, Rollout.Next(plan, state, seen, now), now);
    }

    static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    static string Json(AttemptRecord record) => JsonSerializer.Serialize(record, RecordJson.Default.AttemptRecord);
}
