using System.Text.Json;
using Sluice.Contract;
using Sluice.Monitoring.Profiles;
using Sluice.Onnx;
using Sluice.Runtime.Golden;
using Sluice.Runtime.Models;
using Sluice.Runtime.Profiling;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Profiling;

/// <summary>A baseline is what a model is asked and answers over rows of data.</summary>
public sealed class ProfileTests : IDisposable
{
    private const string Credit = "{\"income\": 50000, \"age\": 35, \"loan_amount\": 10000, \"employment_years\": 5, \"credit_history\": \"good\"}";

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-profile-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Rows_of_a_table_become_a_baseline_that_serving_can_read()
    {
        var profile = Run("iris/2", Path.Combine(TestModels.Root, "iris", "iris.csv"), "class");

        profile.Rows.Should().Be(150);
        profile.Features.Select(static f => f.Name).Should().Equal("input[0]", "input[1]", "input[2]", "input[3]");
        var length = (NumberProfile)profile.Features[0];
        (length.Count, length.Missing, length.Unexpected).Should().Be((150, 0, 0));
        (length.Min, length.Max, length.Moments.Mean).Should().Match<(double, double, double)>(m =>
            Math.Abs(m.Item1 - 4.3) < 1e-6 && Math.Abs(m.Item2 - 7.9) < 1e-6 && Math.Abs(m.Item3 - 5.8433) < 1e-3);
        var label = (CategoryProfile)profile.Predictions[0];
        label.Expected.Sum(static c => c.Count).Should().Be(150);
        label.Expected.Select(static c => c.Value).Should().BeEquivalentTo("0", "1", "2");
        var written = JsonSerializer.Serialize(profile.ToDocument(), ContractJson.Default.ProfileDocument);
        JsonSerializer.Deserialize(written, ContractJson.Default.ProfileDocument)!.ToProfile().Should().BeEquivalentTo(profile);
    }

    [Fact]
    public void Columns_are_found_by_name_where_a_model_has_an_input_for_each()
    {
        var file = Write("data.csv", """"
            id,day,credit_history,income,age,loan_amount,employment_years
            1,Mon,good,50000,35,10000,5
            2,Tue,"poor, ""very""",18000,22,30000,
            """");
        var data = new DataFile(file, ["day"]);

        var profile = Run("credit/1", data);

        profile.Rows.Should().Be(2);
        data.Unused.Should().Equal("id");
        profile.Features.Single(static f => f.Name == "employment_years").Missing.Should().Be(1);
        ((CategoryProfile)profile.Features.Single(static f => f.Name == "credit_history")).Expected.Select(static c => c.Value)
            .Should().BeEquivalentTo("good", "poor, \"very\"");
    }

    [Fact]
    public void Lines_of_JSON_are_instances() =>
        Run("credit/1", Write("data.jsonl", $"{Credit}\n\n{Credit}\n")).Rows.Should().Be(2);

    [Fact]
    public void Of_many_rows_a_sample_is_taken_the_same_each_time()
    {
        var file = Path.Combine(TestModels.Root, "iris", "iris.csv");

        var once = Run("iris/2", file, "class", most: 60);
        var again = Run("iris/2", file, "class", most: 60);

        once.Rows.Should().Be(60);
        again.Should().BeEquivalentTo(once);
        ((CategoryProfile)once.Predictions[0]).Expected.Should().HaveCount(3, "the file is sorted by class, and a sample is of all of it");
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "", "*2 columns (a, b)*\"input\" takes 4*--ignore*")]
    [InlineData("a,b,c,d\n1,2,3\n", "", "*line 2: it has 3 fields, the header has 4*")]
    [InlineData("a,b,c,d\n1,2,3,4\n1,2,x,4\n", "", "*line 3: column c holds \"x\"*FP32*")]
    [InlineData("a,b,c,d\n1,2,3,\"4\n", "", "*the quote that opens in line 2 is not closed*")]
    [InlineData("a,b,c,d\n", "", "*it has no rows*")]
    [InlineData("", "", "*it is empty*")]
    [InlineData("a,b,c,d\n1,2,3,4\n", "class", "*no column \"class\" to ignore*")]
    public void A_table_that_does_not_fit_is_told_by_its_line(string text, string ignore, string why)
    {
        var act = () => Run("iris/2", Write("data.csv", text), ignore);

        act.Should().Throw<FailureException>().WithMessage(why);
    }

    [Theory]
    [InlineData("data.jsonl", "[1,2,3,4]\n[1,2]\n", "*line 2: *\"input\"*")]
    [InlineData("data.jsonl", "[1,2,3,4]\n[1,2\n", "*line 2: *")]
    [InlineData("data.txt", "", "*must end in .csv or .jsonl*")]
    public void A_line_that_the_model_refuses_is_named(string name, string text, string why)
    {
        var act = () => Run("iris/2", Write(name, text));

        act.Should().Throw<FailureException>().WithMessage(why);
    }

    private static Profile Run(string model, string file, string ignore = "", int most = 100_000) =>
        Run(model, new DataFile(file, ignore.Split(',', StringSplitOptions.RemoveEmptyEntries)), most);

    private static Profile Run(string model, DataFile data, int most = 100_000)
    {
        using var served = GoldenReplay.Alone(ModelLoader.Open(TestModels.File(model), new SessionSettings()), TimeProvider.System);
        return new Profiler(served, data).Run(most);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
