using System.Globalization;
using Sluice.Runtime.Batching;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Batching;

/// <summary>The whole server, with a model that gains by running rows together: whether they are is up to the machine, what is answered is not.</summary>
public sealed class JoinedServingTests : IDisposable
{
    private const int Float = 1, Features = 64, Hidden = 2048, Callers = 16, Requests = 20;

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-joined").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("/v2/models/mlp/infer", "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,64],\"data\":[ROW]}]}")]
    [InlineData("/v1/models/mlp:predict", "{\"instances\":[[ROW]]}")]
    public async Task Each_of_many_callers_at_once_gets_the_answer_to_the_own_row(string path, string body)
    {
        var file = new OnnxWriter()
            .Input("x", OnnxTypes.Tensor(Float, "n", Features)).Output("y", OnnxTypes.Tensor(Float, "n", 2))
            .Floats("w", [Features, Hidden], Weights(Features * Hidden)).Floats("v", [Hidden, 2], Weights(Hidden * 2))
            .Node("MatMul", ["x", "w"], ["a"]).Node("Relu", ["a"], ["h"]).Node("MatMul", ["h", "v"], ["y"]).Save(folder);
        await using var alone = await TestRuntime.StartAsync(file, "mlp");
        await using var joining = await TestRuntime.StartAsync(
            file, "mlp", s => s with { Concurrency = 1, Batching = new BatchSettings(32, TimeSpan.FromSeconds(1)) });

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var i = 0; i < Requests; i++)
            {
                var row = string.Join(',', Enumerable.Range(0, Features).Select(k => ((caller * 31 + i * 7 + k) % 17 / 10.0).ToString(CultureInfo.InvariantCulture)));
                var asked = body.Replace("ROW", row, StringComparison.Ordinal);
                var together = await joining.PostAsync(path, asked);
                together.Status.Should().Be(200, together.Text);
                var (got, wanted) = (Numbers(together), Numbers(await alone.PostAsync(path, asked)));
                got.Should().HaveSameCount(wanted);
                got.Zip(wanted, static (g, w) => Math.Abs(g - w)).Max().Should().BeLessThan(1e-3);
            }
        }));

        (await joining.MetricsAsync()).Should().Contain("sluice_batch_limit_rows{model=\"mlp\",version=\"1\",revision=\"r1\"}");
    }

    private static List<double> Numbers(Answer answer)
    {
        var root = answer.Json;
        var rows = root.TryGetProperty("outputs", out var outputs) ? outputs[0].GetProperty("data") : root.GetProperty("predictions")[0];
        return [.. rows.EnumerateArray().Select(static e => e.GetDouble())];
    }

    private static float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 7 % 31 - 15) / 100f)];
}
