using Sluice.Monitoring.Profiles;
using Sluice.Runtime.Batch;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Batch;

public sealed class BatchTests : IDisposable
{
    private const string Credit = """{"income":50000,"age":35,"loan_amount":10000,"employment_years":5,"credit_history":"good"}""";

    private readonly BatchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Each_row_is_answered_as_the_server_answers_it()
    {
        var table = Path.Combine(TestModels.Root, "iris", "iris.csv");

        var summary = folder.Run("iris/2", table, ignore: "class", keep: "class");

        (summary.Rows, summary.Scored, summary.Rejected, summary.ResumedAfter).Should().Be((150, 150, 0, null));
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");
        var rows = File.ReadAllLines(table)[1..].Select(static l => l.Split(',')).ToList();
        var answer = await runtime.PostAsync("/v1/models/iris:predict", $$"""{"instances":[{{string.Join(',', rows.Select(static r => $"[{string.Join(',', r[..4])}]"))}}]}""");
        var lines = folder.Lines("out.jsonl");
        lines.Select(static l => l.GetProperty("prediction").GetRawText()).Should().Equal(answer.Json.GetProperty("predictions").EnumerateArray().Select(static p => p.GetRawText()));
        lines.Select(static l => l.GetProperty("line").GetInt32()).Should().Equal(Enumerable.Range(2, 150));
        lines.Select(static l => l.GetProperty("columns").GetProperty("class").GetString()).Should().Equal(rows.Select(static r => r[4]));
        var profile = folder.Profile();
        profile.Rows.Should().Be(150);
        ((CategoryProfile)profile.Predictions[0]).Expected.Sum(static c => c.Count).Should().Be(150);
        Directory.GetFiles(folder.Root).Select(Path.GetFileName).Should().BeEquivalentTo("out.jsonl", "rejects.jsonl", "profile.json");
    }

    [Fact]
    public void A_table_of_columns_is_written_when_its_name_says_so()
    {
        var table = folder.Write("rows.csv", "id,credit_history,income,age,loan_amount,employment_years\n\"a,\"\"1\",good,50000,35,10000,5\nb,poor,18000,22,30000,1\n");

        folder.Run("credit/1", table, "out.csv", keep: "id");

        var lines = File.ReadAllLines(folder.Path("out.csv"));
        lines[0].Should().StartWith("line,id,label");
        lines[1].Should().StartWith("2,\"a,\"\"1\",");
        lines[2].Should().StartWith("3,b,");
        lines.Should().HaveCount(3).And.OnlyContain(l => l.Length > 10);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_rejected_with_the_reason_and_cost_their_neighbours_nothing()
    {
        var table = folder.Write("rows.jsonl", $"{Credit}\n[1,2]\n{Credit}\n{Credit},{Credit}\n{{\n{Credit.Replace("35", "\"old\"")}\n\n{Credit}\n");

        var summary = folder.Run("credit/1", table);

        (summary.Rows, summary.Scored, summary.Rejected).Should().Be((7, 3, 4));
        folder.Lines("out.jsonl").Select(static l => l.GetProperty("line").GetInt32()).Should().Equal(1, 3, 8);
        folder.Lines("out.jsonl").Select(static l => l.GetProperty("prediction").GetRawText()).Distinct().Should().ContainSingle();
        var rejects = folder.Lines("rejects.jsonl");
        rejects.Select(static r => r.GetProperty("line").GetInt32()).Should().Equal(2, 4, 5, 6);
        rejects[1].GetProperty("reason").GetString().Should().Contain("not one JSON value");
        rejects[3].GetProperty("reason").GetString().Should().Contain("age");
        rejects[1].GetProperty("row").GetString().Should().Be($"{Credit},{Credit}");
        folder.Profile().Rows.Should().Be(3);
    }

    [Fact]
    public void Lines_that_would_be_rows_only_together_are_rejected_one_by_one()
    {
        var table = folder.Write("rows.jsonl", "[1,2,3,4],[5,6\n7,8]\n[5.1,3.5,1.4,0.2]\n");

        folder.Run("iris/2", table).Rejected.Should().Be(2);

        folder.Lines("out.jsonl").Single().GetProperty("line").GetInt32().Should().Be(3);
    }

    [Fact]
    public void A_model_that_takes_rows_by_the_dozen_gets_its_last_dozen_filled_up()
    {
        var model = new OnnxWriter()
            .Input("x", OnnxTypes.Tensor(1, 12, 2)).Output("y", OnnxTypes.Tensor(1, 12, 2))
            .Node("Neg", ["x"], ["y"]).Save(Path.Combine(folder.Root, "dozen"));
        var table = folder.Write("rows.csv", "a,b\n" + string.Concat(Enumerable.Range(0, 30).Select(static i => $"{i},{i + 0.5}\n")));

        folder.Run(model, table, "out.csv").Scored.Should().Be(30);

        File.ReadAllLines(folder.Path("out.csv")).Should().Equal(
            ["line,y[0],y[1]", .. Enumerable.Range(0, 30).Select(static i => $"{i + 2},{(i == 0 ? "-0" : -i)},{-(i + 0.5)}")]);
        folder.Profile().Rows.Should().Be(30);
        ((NumberProfile)folder.Profile().Features[0]).Moments.Mean.Should().BeApproximately(14.5, 1e-9, "what fills up is not counted");
    }

    [Fact]
    public void A_model_that_mixes_its_rows_gets_them_one_by_one()
    {
        var model = new OnnxWriter()
            .Input("x", OnnxTypes.Tensor(1, "rows", 2)).Output("y", OnnxTypes.Tensor(1))
            .Node("ReduceSum", ["x"], ["y"], "", OnnxWriter.IntAttribute("keepdims", 0)).Save(Path.Combine(folder.Root, "mixing"));
        var table = folder.Write("rows.jsonl", "[1,2]\n[3,4]\n[5,6]\n");

        folder.Run(model, table);

        folder.Lines("out.jsonl").Select(static l => l.GetProperty("prediction").GetDouble()).Should().Equal(3, 7, 11);
    }

    [Fact]
    public void With_a_baseline_its_cells_are_counted_and_drift_is_told()
    {
        var table = Path.Combine(TestModels.Root, "iris", "iris.csv");
        folder.Run("iris/2", table, ignore: "class");
        var baseline = folder.Profile();
        var moved = folder.Write("moved.jsonl", string.Concat(File.ReadAllLines(table)[1..].Select(static l => l.Split(',')).Select(static r => $"[{r[0]},{r[1]},9.{r[2][^1]},{r[3]}]\n")));

        var quiet = folder.Run("iris/2", table, adjust: s => s with { Baseline = baseline }, ignore: "class");
        var drifted = folder.Run("iris/2", moved, adjust: s => s with { Baseline = baseline });

        quiet.Drift!.Drifted.Should().BeFalse();
        drifted.Drift!.Features.Where(static f => f.Score > f.Threshold).Select(static f => f.Feature).Should().Contain("input[2]");
        ((NumberProfile)folder.Profile().Features[2]).Edges.Should().Equal(((NumberProfile)baseline.Features[2]).Edges);
    }

    [Fact]
    public void What_is_not_as_expected_is_rejected_or_counted_once()
    {
        var table = folder.Write("rows.csv", "a,b,c,d\n" + string.Concat(Enumerable.Range(0, 100).Select(static i => $"{i},{(i % 10 == 9 ? "" : "1")},3,4\n")));

        var summary = folder.Run(
            "iris/2", table, expectations: """[{"feature":"input[0]","max":97,"reject":true},{"feature":"input[1]","required":true}]""");

        (summary.Scored, summary.Rejected).Should().Be((98, 2));
        summary.Violations.Should().BeEquivalentTo(new Dictionary<string, long> { ["input[1]: required"] = 9 });
        folder.Lines("rejects.jsonl")[0].GetProperty("reason").GetString().Should().Be("Feature \"input[0]\" is 98 in row 0; the model expects 97 or less.");
    }

    [Theory]
    [InlineData("rows.csv", "a,b,c,d\n", "*it has no rows*")]
    [InlineData("rows.csv", "a,b,c,d\n1,2,x,4\n1,2,3\n", "*none of its 2 rows; line 2: column c holds \"x\"*")]
    [InlineData("rows.csv", "a,b,c,d\n1,2,\"3,4\n1,2,3,4\n", "*the quote that opens in line 2 is not closed*")]
    [InlineData("rows.txt", "", "*must end in .csv or .jsonl*")]
    public void A_table_of_which_nothing_can_be_scored_is_a_failure(string name, string text, string why)
    {
        var act = () => folder.Run("iris/2", folder.Write(name, text));

        act.Should().Throw<FailureException>().WithMessage(why);
        File.Exists(folder.Path("out.jsonl")).Should().BeFalse();
    }

    [Fact]
    public void Two_runs_do_not_write_the_same_output()
    {
        using var other = new PartFile(folder.Path("out.jsonl"));

        var act = () => folder.Run("iris/2", folder.Iris(10), ignore: "class");

        act.Should().Throw<FailureException>().Which.Reason.Should().Be(Contract.TerminationReasons.WriteFailed);
    }
}
