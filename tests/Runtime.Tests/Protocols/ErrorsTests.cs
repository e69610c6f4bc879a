namespace Sluice.Runtime.Tests.Protocols;

public sealed class ErrorsTests : IAsyncLifetime
{
    private TestRuntime runtime = null!;

    public async Task InitializeAsync() => runtime = await TestRuntime.StartAsync("iris/2", "iris");

    public async Task DisposeAsync() => await runtime.DisposeAsync();

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("nonsense", "line 1")]
    [InlineData("{\"inputs\":\n[}", "line 2")]
    [InlineData("""{"inputs":[]}""", "\"input\" is missing")]
    [InlineData("{}", "\"inputs\" is missing")]
    [InlineData("[]", "object")]
    [InlineData("""{"inputs":{}}""", "list")]
    [InlineData("""{"inputs":[1]}""", "object")]
    [InlineData("""{"inputs":[{"name":"inptu","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""", "\"inptu\" is unknown*\"input\" FP32 [[]batch, 4]")]
    [InlineData("""{"inputs":[{"shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""", "no \"name\"")]
    [InlineData("""{"inputs":[{"name":"input","datatype":"FP32","data":[1,2,3,4]}]}""", "\"input\" has no \"shape\"")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"data":[1,2,3,4]}]}""", "\"input\" has no \"datatype\"")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32"}]}""", "\"input\" has no \"data\"")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP64","data":[1,2,3,4]}]}""", "\"input\" is sent as FP64*wants FP32")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FLOAT","data":[1,2,3,4]}]}""", "FLOAT*unknown")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3]}]}""", "\"input\" has 3 elements*needs 4")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", "\"input\" has shape [[]1, 3]*FP32 [[]batch, 4]")]
    [InlineData("""{"inputs":[{"name":"input","shape":[4],"datatype":"FP32","data":[1,2,3,4]}]}""", "\"input\" has shape [[]4]")]
    [InlineData("""{"inputs":[{"name":"input","shape":[-1,4],"datatype":"FP32","data":[1,2,3,4]}]}""", "-1")]
    [InlineData("""{"inputs":[{"name":"input","shape":[4611686018427387904,4],"datatype":"FP32","data":[1,2,3,4]}]}""", "more elements than can be counted")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,"two",3,4]}]}""", "\"input\" wants FP32; element 1 is \"two\"")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,1e99]}]}""", "element 3 is 1e99")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,{}]}]}""", "element 3 is an object")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[[1,2],[3]]}]}""", "different lengths")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[[1,2],[3,4]]}]}""", "nested as [[]2, 2]")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]},{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""", "\"input\" is there twice")]
    [InlineData("""{"outputs":[{"name":"x"}],"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""", "\"x\" is unknown*label, probabilities")]
    [InlineData("""{"id":7,"inputs":[]}""", "\"id\" must be a string")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]} x""", "JSON")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16}}]}""", "Inference-Header-Content-Length")]
    public async Task A_bad_inference_gets_400_and_is_told_what_is_wrong(string body, string message)
    {
        var answer = await runtime.PostAsync("/v2/models/iris/infer", body);

        answer.Status.Should().Be(400, answer.Text);
        answer.Error.Should().Match($"*{message.Replace("[[]", "[")}*");
    }

    [Theory]
    [InlineData("{}", "\"instances\" is missing")]
    [InlineData("""{"instances":5}""", "list")]
    [InlineData("""{"instances":[]}""", "at least one row")]
    [InlineData("""{"instances":[[1,2,3,4],[1,2,3]]}""", "\"input\" has shape [[]3] in row 1")]
    [InlineData("""{"instances":[[1,2,3]]}""", "\"input\" has shape [[]1, 3]")]
    [InlineData("""{"instances":[[1,2,3,"x"]]}""", "\"input\" wants FP32; element 3 is \"x\"")]
    [InlineData("""{"instances":[{"inptu":[1,2,3,4]}]}""", "\"inptu\" is unknown")]
    [InlineData("""{"instances":[{"input":[1,2,3,4]},[1,2,3,4]]}""", "mixes")]
    [InlineData("""{"instances":[{"input":[1,2,3,4]},{}]}""", "\"input\" is missing in row 1")]
    [InlineData("""{"instances":[{"input":[1,2,3,4],"input":[1,2,3,4]}]}""", "twice")]
    [InlineData("""{"instances":[[1,2,3,4]],"inputs":[[1,2,3,4]]}""", "once")]
    public async Task A_bad_prediction_gets_400_and_is_told_what_is_wrong(string body, string message)
    {
        var answer = await runtime.PostAsync("/v1/models/iris:predict", body);

        answer.Status.Should().Be(400, answer.Text);
        answer.Error.Should().Match($"*{message.Replace("[[]", "[")}*");
    }

    [Theory]
    [InlineData("GET", "/v2/models/iris/infer", 405)]
    [InlineData("DELETE", "/v2/models/iris", 405)]
    [InlineData("POST", "/v1/models", 405)]
    [InlineData("GET", "/v2/models/other", 404)]
    [InlineData("POST", "/v2/models/other/infer", 404)]
    [InlineData("POST", "/v1/models/other:predict", 404)]
    [InlineData("POST", "/v1/models/iris:explain", 404)]
    [InlineData("GET", "/v2/models/..%2f..%2fetc%2fpasswd", 404)]
    [InlineData("GET", "/v2/models/%0a%22", 404)]
    [InlineData("GET", "/nothing", 404)]
    public async Task Wrong_paths_and_methods_have_their_codes(string method, string path, int status)
    {
        var answer = await runtime.SendAsync(new HttpMethod(method), path, method == "POST" ? "{}"u8.ToArray() : null);

        answer.Status.Should().Be(status, answer.Text);
        answer.Error.Should().NotBeEmpty();
        if (status == 405)
            answer.Headers["Allow"].Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("application/xml", 415)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/x-www-form-urlencoded", 200)]
    [InlineData(null, 200)]
    public async Task A_body_of_another_type_is_not_read(string? type, int status)
    {
        var answer = await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[1,2,3,4]]}""", type);

        answer.Status.Should().Be(status, answer.Text);
    }

    [Fact]
    public async Task A_body_beyond_the_bound_gets_413()
    {
        await using var small = await TestRuntime.StartAsync("iris/2", "iris", s => s with { MaxBody = 1000 });

        var answer = await small.PostAsync("/v1/models/iris:predict", new string(' ', 1001));

        answer.Status.Should().Be(413);
        answer.Error.Should().Contain("larger");
    }

    [Fact]
    public async Task Inputs_that_disagree_about_a_shared_dimension_are_named()
    {
        await using var credit = await TestRuntime.StartAsync("credit/1", "credit");

        var answer = await credit.PostAsync(
            "/v2/models/credit/infer", V2Tests.CreditRequest.Replace("\"age\",\"shape\":[2,1]", "\"age\",\"shape\":[1,1]").Replace("[[35],[22]]", "[35]"));

        answer.Status.Should().Be(400, answer.Text);
        answer.Error.Should().Contain("\"age\"").And.Contain("\"batch\"").And.NotContain("/");
    }
}
