using System.Text.Json;
using Sluice.Contract;
using Sluice.Monitoring.Profiles;
using Sluice.Monitoring.Recording;

namespace Sluice.Monitoring.Tests;

public sealed class BaselineTests
{
    [Fact]
    public void A_profile_survives_being_written_and_read()
    {
        FeatureRecorder number = new NumberRecorder("age", [0, 18, 65], 30), none = new NumberRecorder("none", [0, 1], 0);
        FeatureRecorder city = new CategoryRecorder("city", ["Bern", "7"]);
        foreach (var age in (ReadOnlySpan<double>)[-1, 0, 20, 65, 90, double.NaN])
            number.Add(age);
        foreach (var name in (ReadOnlySpan<string>)["Bern", "7", "Genève", string.Empty])
            city.Add(System.Text.Encoding.UTF8.GetBytes(name));
        var profile = new Profile(6, [number.Take(), none.Take()], [city.Take()]);

        var json = JsonSerializer.Serialize(profile.ToDocument(), ContractJson.Default.ProfileDocument);
        var read = JsonSerializer.Deserialize(json, ContractJson.Default.ProfileDocument)!.ToProfile();

        json.Should().Contain("Gen\\u00E8ve").And.NotContain("Infinity");
        read.Rows.Should().Be(6);
        JsonSerializer.Serialize(read.ToDocument(), ContractJson.Default.ProfileDocument).Should().Be(json);
        read.Merge(profile).Rows.Should().Be(12);
    }

    [Theory]
    [InlineData("""{"schema":2,"rows":1,"features":[]}""", "*schema is 2*")]
    [InlineData("""{"schema":1,"rows":1,"features":[{"name":"a","kind":"date"}]}""", "*\"a\"*\"date\"*")]
    [InlineData("""{"schema":1,"rows":1,"features":[{"name":"a","kind":"number","edges":[0,1],"counts":[1]}]}""", "*\"a\"*2 edges need 3 counts*")]
    [InlineData("""{"schema":1,"rows":1,"features":[{"name":"a","kind":"number","edges":[1,0],"counts":[0,1,0]}]}""", "*not ascending*")]
    [InlineData("""{"schema":1,"rows":1,"features":[{"name":"a","kind":"number","edges":[0,1],"counts":[0,-1,0]}]}""", "*negative*")]
    [InlineData("""{"schema":1,"rows":1,"features":[{"name":"a","kind":"category","values":[{"value":"x","count":1},{"value":"x","count":2}]}]}""", "*\"x\"*twice*")]
    public void A_baseline_that_makes_no_sense_says_where(string json, string message) =>
        JsonSerializer.Deserialize(json, ContractJson.Default.ProfileDocument)!
            .Invoking(static d => d.ToProfile()).Should().Throw<FormatException>().WithMessage(message);

    [Fact]
    public void A_baseline_of_one_number_holds_that_number_in_a_cell()
    {
        var document = JsonSerializer.Deserialize(
            """{"schema":1,"rows":4,"features":[{"name":"a","kind":"number","mean":5,"variance":0,"min":5,"max":5,"edges":[5],"counts":[0,4]}]}""",
            ContractJson.Default.ProfileDocument)!;
        var recorder = FeatureRecorder.For(document.ToProfile().Features[0]);

        foreach (var value in (ReadOnlySpan<double>)[5, 4, 6, 5])
            recorder.Add(value);

        recorder.Take().Should().BeOfType<NumberProfile>().Which.Counts.Should().Equal(1, 2, 1);
    }

    [Fact]
    public void A_learnt_baseline_has_cells_with_like_many_rows()
    {
        var sample = new NumberSample("x", cells: 4);
        sample.Add<float>([.. Enumerable.Range(0, 101).Select(static i => i * i), float.NaN, float.PositiveInfinity], 0, 1);

        var profile = (NumberProfile)sample.Take();

        profile.Edges.Should().Equal(0, 625, 2500, 5625, 10_000);
        profile.Counts.Should().Equal(0, 25, 25, 25, 26, 1);
        profile.Missing.Should().Be(1);
        profile.Moments.Count.Should().Be(101);
    }

    [Fact]
    public void A_learnt_baseline_names_the_most_frequent_categories()
    {
        var sample = new CategorySample("x");
        for (var i = 0; i < 60; i++)
        {
            for (var times = 0; times <= i; times++)
                sample.Add((long)i);
        }
        sample.Add(double.NaN);

        var profile = (CategoryProfile)sample.Take();

        profile.Expected.Should().HaveCount(50).And.StartWith(new CategoryCount("59", 60));
        profile.Cut.Should().Be(Enumerable.Range(1, 10).Sum());
        (profile.Missing, profile.Count).Should().Be((1, 60 * 61 / 2));
    }

    [Fact]
    public void Numbers_of_any_type_find_their_category()
    {
        var recorder = new CategoryRecorder("x", ["1", "2.5", "01"]);

        recorder.Add<float>([1, 2.5f, float.NaN, 7], 0, 1);
        recorder.Add<sbyte>([1, 1], 0, 1);
        recorder.Add("01"u8);

        var profile = (CategoryProfile)recorder.Take();
        profile.Expected.Select(static c => c.Count).Should().Equal(3, 1, 1);
        profile.Novel.Should().ContainKey("7").WhoseValue.Should().Be(1);
        profile.Missing.Should().Be(1);
    }

    [Fact]
    public void A_recorder_for_another_thread_starts_empty_in_the_same_cells()
    {
        FeatureRecorder first = new NumberRecorder("x", [0, 1], 0);
        first.Add(0.5);
        var second = first.Another(new NovelNames());
        second.Add(0.25);

        first.Take().Merge(second.Take()).Count.Should().Be(2);
    }
}
