namespace Sluice.Runtime.Tests.Hostile;

/// <summary>Targets as no URL library would let them through.</summary>
public sealed class PathTests(HostileServer server) : IClassFixture<HostileServer>
{
    [Theory]
    [InlineData("/v2/models/../../etc/passwd/infer")]
    [InlineData("/v2/models/..%2f..%2fetc%2fpasswd/infer")]
    [InlineData("/v2/models/%2e%2e%2fetc%2fpasswd/infer")]
    [InlineData("/v2/models/%252e%252e%252fetc/infer")]
    [InlineData("/v2/models/..%5c..%5cetc/infer")]
    [InlineData("/v2/models/%c0%ae%c0%ae%c0%afetc/infer")]
    [InlineData("/v2/models/%ff%fe/infer")]
    [InlineData("/v2/models/iris%00/infer")]
    [InlineData("/v2/models/iris%0d%0aX-Evil:%201/infer")]
    [InlineData("/v2/models/iris/versions/..%2f1/infer")]
    [InlineData("/v2/models/iris/versions/%2e%2e/infer")]
    [InlineData("/v2/models/iris/versions/01/infer")]
    [InlineData("/v2/models/iris/versions//infer")]
    [InlineData("/v2/models//infer")]
    [InlineData("/v2/models/./iris/infer")]
    [InlineData("/v2/models/types/../iris/infer")]
    [InlineData("/v2//models/iris/infer")]
    [InlineData("//v2/models/iris/infer")]
    [InlineData("/v2/models/iris/infer/more")]
    [InlineData("/v2/models/iris/INFER")]
    [InlineData("/v2/models/Iris/infer")]
    [InlineData("/v2/models/%/infer")]
    [InlineData("/v2/models/%zz/infer")]
    [InlineData("/v2/models/iris%20/infer")]
    [InlineData("/v1/models/..%2f..%2fetc%2fpasswd:predict")]
    [InlineData("/v1/models/iris:predict:predict")]
    [InlineData("/v1/models/:predict")]
    [InlineData("/v1/models/iris/versions/..:predict")]
    [InlineData("/models/iris/1/model.onnx")]
    public async Task A_path_that_leads_astray_leads_nowhere(string path)
    {
        var answer = await server.RawAsync(
            $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {HostileServer.Good.Length}\r\n\r\n{HostileServer.Good}");

        // 400 is the server's own word for a target that is none.
        answer!.Status.Should().BeOneOf(404, 400);
        if (answer.Status == 404)
            await server.RefusedAsync(answer, 404);
        answer.Text.Should().NotContain("passwd:").And.NotContain("onnx:");
        answer.Headers.Keys.Should().NotContain("X-Evil");
    }

    [Theory]
    [InlineData("/v2/models/%69ris/infer")]
    [InlineData("/v2/models/iris/infer?x=../../etc/passwd&y=%00")]
    [InlineData("/v2/models/iris/versions/1/infer")]
    [InlineData("http://other.example/v2/models/iris/infer")]
    public async Task Other_spellings_of_a_right_path_are_right(string path)
    {
        var answer = await server.RawAsync(
            $"POST {path} HTTP/1.1\r\nHost: {(path.StartsWith("http", StringComparison.Ordinal) ? "other.example" : "x")}\r\nContent-Length: {HostileServer.Good.Length}\r\n\r\n{HostileServer.Good}");

        answer!.Status.Should().Be(200, answer.Text);
    }

    [Fact]
    public async Task A_name_without_end_is_answered_with_an_excerpt()
    {
        var answer = await server.RawAsync($"GET /v2/models/{new string('a', 7000)} HTTP/1.1\r\nHost: x\r\n\r\n");

        (await server.RefusedAsync(answer!, 404)).Length.Should().BeLessThan(500);
        (await server.RawAsync($"GET /v2/models/{new string('a', 100_000)} HTTP/1.1\r\nHost: x\r\n\r\n"))!.Status.Should().Be(414);
    }
}
