namespace Sluice.Runtime.Tests.Protocols;

public sealed class V2Tests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-versions").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private const string Row = """{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}""";

    [Fact]
    public async Task An_inference_is_answered_with_all_outputs()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");

        var answer = await runtime.PostAsync("/v2/models/iris/infer", Row);

        answer.Status.Should().Be(200, answer.Text);
        answer.Json.GetProperty("model_name").GetString().Should().Be("iris");
        answer.Json.GetProperty("model_version").GetString().Should().Be("1");
        var outputs = answer.Json.GetProperty("outputs");
        outputs[0].GetProperty("name").GetString().Should().Be("label");
        outputs[0].GetProperty("datatype").GetString().Should().Be("INT64");
        outputs[0].GetProperty("data")[0].GetInt64().Should().Be(0);
        outputs[1].GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).Should().Equal(1, 3);
        outputs[1].GetProperty("data").EnumerateArray().Sum(p => p.GetDouble()).Should().BeApproximately(1, 1e-6);
        answer.Headers["x-sluice-revision"].Should().Be("r1");
        answer.Headers["x-request-id"].Should().NotBeEmpty();
    }

    [Fact]
    public async Task Id_parameters_and_request_id_come_back_as_they_were_sent()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");
        var request = Row.Insert(1, """ "id":"a\"é\u00fc\n","parameters":{"trace":"x","n":1.5}, """);

        var answer = await runtime.SendAsync(
            HttpMethod.Post, "/v2/models/iris/infer", System.Text.Encoding.UTF8.GetBytes(request), headers: ("x-request-id", "abc-1"));

        answer.Json.GetProperty("id").GetString().Should().Be("a\"éü\n");
        answer.Json.GetProperty("parameters").GetRawText().Should().Be("""{"trace":"x","n":1.5}""");
        answer.Headers["x-request-id"].Should().Be("abc-1");
    }

    [Fact]
    public async Task Only_requested_outputs_are_answered()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");

        var answer = await runtime.PostAsync(
            "/v2/models/iris/infer", Row.Insert(1, """ "outputs":[{"name":"probabilities"}], """));

        answer.Json.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("name").GetString())
            .Should().Equal("probabilities");
    }

    [Theory]
    [InlineData("""{"data":[[1,2,3,4],[5,6,7,8]],"datatype":"FP32","shape":[2,4],"name":"input"}""")]
    [InlineData("""{"shape":[2,4],"data":[1,2,3,4,5,6,7,8],"name":"input","datatype":"FP32"}""")]
    [InlineData("""{"name":"\u0069nput","parameters":{"x":{"y":[1]}},"shape":[2,4],"datatype":"FP32","data":[1e0,2.0,3,4,5,6,7,8]}""")]
    public async Task Fields_come_in_any_order_and_data_flat_or_nested(string input)
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");

        var answer = await runtime.PostAsync("/v2/models/iris/infer", $$"""{"inputs":[{{input}}],"unknown":[{"a":1}]}""");

        answer.Status.Should().Be(200, answer.Text);
        answer.Json.GetProperty("outputs")[0].GetProperty("shape")[0].GetInt64().Should().Be(2);
    }

    [Fact]
    public async Task Strings_go_both_ways()
    {
        await using var runtime = await TestRuntime.StartAsync("text/1", "text");

        var answer = await runtime.PostAsync(
            "/v2/models/text/infer",
            """{"inputs":[{"name":"text","shape":[5],"datatype":"BYTES","data":["iyi","k\u00f6tü","\"\\\/\b\n","","a\u0000b"]}]}""");

        answer.Json.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(d => d.GetString())
            .Should().Equal("iyi", "kötü", "\"\\/\b\n", "", "a\0b");
        answer.Json.GetProperty("outputs")[1].GetProperty("data")[1].GetString().Should().Be("negative");
    }

    [Fact]
    public async Task What_JSON_has_no_number_for_is_a_string_and_null_is_NaN()
    {
        await using var runtime = await TestRuntime.StartAsync("nan/1", "nan");

        var answer = await runtime.PostAsync(
            "/v2/models/nan/infer",
            """{"inputs":[{"name":"input","shape":[2,4],"datatype":"FP32","data":[-1,"NaN",null,"Infinity","-Infinity",4,0,1e-3]}]}""");

        answer.Json.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Take(6).Select(d => d.ToString())
            .Should().Equal("NaN", "NaN", "NaN", "Infinity", "NaN", "2");
    }

    [Fact]
    public async Task A_classifiers_maps_are_a_tensor_with_their_keys()
    {
        await using var runtime = await TestRuntime.StartAsync("credit/1", "credit");

        var answer = await runtime.PostAsync("/v2/models/credit/infer", CreditRequest);

        var output = answer.Json.GetProperty("outputs")[1];
        output.GetProperty("datatype").GetString().Should().Be("FP32");
        output.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).Should().Equal(2, 2);
        output.GetProperty("parameters").GetProperty("keys").GetString().Should().Be("[0,1]");
        output.GetProperty("data")[1].GetDouble().Should().BeApproximately(0.99688792, 1e-5);
    }

    [Fact]
    public async Task Server_and_model_describe_themselves()
    {
        await using var runtime = await TestRuntime.StartAsync("credit/1", "credit");

        (await runtime.GetAsync("/v2")).Json.GetProperty("name").GetString().Should().Be("sluice-runtime");
        (await runtime.GetAsync("/v2/health/live")).Text.Should().Be("""{"live":true}""");
        (await runtime.GetAsync("/v2/health/ready")).Text.Should().Be("""{"ready":true}""");
        (await runtime.GetAsync("/v2/models/credit/ready")).Text.Should().Be("""{"name":"credit","ready":true}""");
        var model = (await runtime.GetAsync("/v2/models/credit")).Json;
        model.GetProperty("platform").GetString().Should().Be("onnx_onnxv1");
        model.GetProperty("versions")[0].GetString().Should().Be("1");
        model.GetProperty("inputs")[4].GetRawText().Should().Be("""{"name":"credit_history","datatype":"BYTES","shape":[-1,1]}""");
        model.GetProperty("outputs")[1].GetProperty("shape").GetRawText().Should().Be("[-1,-1]");
    }

    [Fact]
    public async Task Versions_are_told_apart_and_the_newest_answers_by_default()
    {
        await using var runtime = await TestRuntime.StartAsync(IrisVersions(), "iris");

        (await runtime.PostAsync("/v2/models/iris/infer", Row)).Json.GetProperty("model_version").GetString().Should().Be("2");
        (await runtime.PostAsync("/v2/models/iris/versions/1/infer", Row)).Json.GetProperty("model_version").GetString().Should().Be("1");
        (await runtime.GetAsync("/v2/models/iris/versions/1")).Status.Should().Be(200);
        (await runtime.GetAsync("/v2/models/iris/versions/1/ready")).Status.Should().Be(200);
        var unknown = await runtime.PostAsync("/v2/models/iris/versions/9/infer", Row);
        unknown.Status.Should().Be(404);
        unknown.Error.Should().Contain("iris").And.Contain("9");
    }

    [Fact]
    public async Task All_integer_types_keep_every_digit()
    {
        await using var runtime = await TestRuntime.StartAsync("types/1", "types");
        var cases = new (string Input, string Type, string Data)[]
        {
            ("i8", "INT8", "-128,127"), ("i16", "INT16", "-32768,32767"), ("i32", "INT32", "-2147483648,2147483647"),
            ("i64", "INT64", "-9223372036854775808,9223372036854775807"), ("u8", "UINT8", "0,255"),
            ("u16", "UINT16", "0,65535"), ("u32", "UINT32", "0,4294967295"), ("u64", "UINT64", "0,18446744073709551615"),
            ("b", "BOOL", "true,false"), ("f64", "FP64", "0.1,-1.7976931348623157E+308"), ("f32", "FP32", "0.1,3.4028235E+38"),
        };
        var inputs = cases.Select(c => $$"""{"name":"{{c.Input}}","shape":[1,2],"datatype":"{{c.Type}}","data":[{{c.Data}}]}""");
        var wanted = cases.Select(c => $$"""{"name":"{{c.Input}}_out"}""");
        var refused = await runtime.PostAsync(
            "/v2/models/types/infer", $$"""{"outputs":[{{string.Join(',', wanted)}}],"inputs":[{{string.Join(',', inputs)}}]}""");
        refused.Error.Should().Contain("\"f16\"").And.Contain("FP16", "the one input that JSON cannot carry is missing");

        // f16 rides along as raw bytes.
        var json = $$$"""{"outputs":[{{{string.Join(',', wanted)}}}],"inputs":[{{{string.Join(',', inputs)}}},{"name":"f16","shape":[1,2],"datatype":"FP16","parameters":{"binary_data_size":4}}]}""";
        var body = System.Text.Encoding.UTF8.GetBytes(json);
        var answer = await runtime.SendAsync(
            HttpMethod.Post, "/v2/models/types/infer", [.. body, 0, 0x3c, 0, 0], "application/octet-stream",
            ("Inference-Header-Content-Length", $"{body.Length}"));

        answer.Status.Should().Be(200, answer.Text);
        foreach (var (input, _, data) in cases)
        {
            var output = answer.Json.GetProperty("outputs").EnumerateArray().Single(o => o.GetProperty("name").GetString() == input + "_out");
            string.Join(',', output.GetProperty("data").EnumerateArray().Select(d => d.GetRawText())).Should().Be(data);
        }
    }

    internal const string CreditRequest = """
        {"inputs":[{"name":"income","shape":[2,1],"datatype":"FP32","data":[50000,18000]},
        {"name":"age","shape":[2,1],"datatype":"FP32","data":[[35],[22]]},
        {"name":"loan_amount","shape":[2,1],"datatype":"FP32","data":[10000,30000]},
        {"name":"employment_years","shape":[2,1],"datatype":"FP32","data":[5,0]},
        {"name":"credit_history","shape":[2,1],"datatype":"BYTES","data":["good","poor"]}]}
        """;

    /// <summary>A folder with the versions 1 and 2, as Triton lays them out.</summary>
    private string IrisVersions()
    {
        foreach (var version in (ReadOnlySpan<string>)["1", "2"])
        {
            Directory.CreateDirectory(Path.Combine(folder, version));
            File.Copy(Support.Models.TestModels.File("iris/" + version), Path.Combine(folder, version, "model.onnx"));
        }
        return folder;
    }
}
