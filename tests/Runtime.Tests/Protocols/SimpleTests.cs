using System.Text;

namespace Sluice.Runtime.Tests.Protocols;

public sealed class SimpleTests
{
    [Theory]
    [InlineData("""{"features":[5.1,3.5,1.4,0.2]}""", "0")]
    [InlineData("""{"features":[[5.1,3.5,1.4,0.2],[6.3,3.3,6.0,2.5]]}""", "0,2")]
    [InlineData("""{"input":[6.3,3.3,6.0,2.5]}""", "2")]
    [InlineData("""{"instances":[[5.1,3.5,1.4,0.2]]}""", "0")]
    public async Task Features_are_predicted(string body, string labels)
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");

        var answer = await runtime.PostAsync("/predict", body);

        answer.Status.Should().Be(200, answer.Text);
        answer.Json.GetProperty("model").GetString().Should().Be("iris");
        string.Join(',', answer.Json.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("label").GetInt64()))
            .Should().Be(labels);
    }

    [Theory]
    [InlineData("""{"income":50000,"age":35,"loan_amount":10000,"employment_years":5,"credit_history":"good"}""", "1")]
    [InlineData("""{"income":[50000,18000],"age":[35,22],"loan_amount":[10000,30000],"employment_years":[5,0],"credit_history":["good","poor"]}""", "1,0")]
    [InlineData("""{"features":[50000,35,10000,5,"good"]}""", "1")]
    public async Task Named_columns_are_predicted(string body, string labels)
    {
        await using var runtime = await TestRuntime.StartAsync("credit/1", "credit");

        var answer = await runtime.PostAsync("/predict", body);

        answer.Status.Should().Be(200, answer.Text);
        string.Join(',', answer.Json.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("label").GetInt64()))
            .Should().Be(labels);
    }

    [Theory]
    [InlineData("""{"income":50000}""", "\"age\" is missing")]
    [InlineData("""{"incme":50000}""", "\"incme\" is unknown")]
    [InlineData("""{"features":[1,2]}""", "is missing")]
    [InlineData("""{"features":[1,2,3,4,"good",6]}""", "more than 5")]
    [InlineData("""{"income":"a lot","age":35}""", "\"income\" wants FP32")]
    public async Task What_is_wrong_is_named(string body, string message)
    {
        await using var runtime = await TestRuntime.StartAsync("credit/1", "credit");

        var answer = await runtime.PostAsync("/predict", body);

        answer.Status.Should().Be(400, answer.Text);
        answer.Error.Should().Contain(message);
    }

    [Theory]
    [InlineData("iris/2")]
    [InlineData("credit/1")]
    [InlineData("text/1")]
    [InlineData("forest/1")]
    public async Task Every_example_of_the_description_works_as_it_stands(string model)
    {
        await using var runtime = await TestRuntime.StartAsync(model, "it");
        var info = await runtime.GetAsync("/model-info");
        info.Status.Should().Be(200, info.Text);
        (await runtime.PostAsync("/predict", info.Json.GetProperty("example").GetRawText())).Status.Should().Be(200);
        var api = await runtime.GetAsync("/openapi.json");
        var tried = 0;

        foreach (var path in api.Json.GetProperty("paths").EnumerateObject())
        {
            foreach (var verb in path.Value.EnumerateObject())
            {
                byte[]? body = null;
                if (verb.Value.TryGetProperty("requestBody", out var request))
                    body = Encoding.UTF8.GetBytes(request.GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText());
                var answer = await runtime.SendAsync(new HttpMethod(verb.Name.ToUpperInvariant()), path.Name, body);
                answer.Status.Should().Be(200, $"{verb.Name} {path.Name}: {answer.Text}");
                tried++;
            }
        }

        tried.Should().BeGreaterThan(10);
    }

    [Fact]
    public async Task The_page_shows_the_description_and_loads_nothing_from_elsewhere()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");

        var page = await runtime.GetAsync("/docs");

        page.Headers["Content-Type"].Should().StartWith("text/html");
        page.Text.Should().Contain("openapi.json").And.NotContain("http://").And.NotContain("https://");
        (await runtime.GetAsync("/health")).Text.Should().Be("""{"status":"ok"}""");
    }
}
