using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Reconcile;

namespace Sluice.Operator.Tests.Reconcile;

public sealed class OwnedFieldsTests
{
    [Theory]
    [InlineData("{a: 1}", "{a: 1, b: 2}", true)]
    [InlineData("{a: 1}", "{a: 2}", false)]
    [InlineData("{a: {b: x}}", "{a: {b: x, default: y}}", true)]
    [InlineData("{a: {b: x}}", "{}", false)]
    [InlineData("{a: []}", "{a: [1]}", false)]
    [InlineData("{a: [1, 2]}", "{a: [2, 1]}", false)]
    [InlineData("{c: [{name: x, v: 1}]}", "{c: [{name: other}, {name: x, v: 1, d: 2}]}", true)]
    [InlineData("{c: [{name: x, v: 1}]}", "{c: [{name: x, v: 2}]}", false)]
    [InlineData("{m: [{mountPath: /a, name: x}, {mountPath: /b, name: x}]}", "{m: [{mountPath: /b, name: x}, {mountPath: /a, name: x}]}", true)]
    [InlineData("{o: [{uid: u, controller: true}]}", "{o: [{uid: u, controller: true}, {uid: w}]}", true)]
    [InlineData("{t: [{key: a}]}", "{t: [{key: a}, {key: b}]}", false)]
    [InlineData("{requests: {cpu: 1000m, memory: 1024Mi}}", "{requests: {cpu: '1', memory: 1Gi}}", true)]
    [InlineData("{requests: {cpu: 1000m}}", "{requests: {cpu: '2'}}", false)]
    [InlineData("{labels: {v: '1'}}", "{labels: {v: 1000m}}", false)]
    public void Live_holds_what_is_wanted(string wanted, string live, bool holds) =>
        OwnedFields.Hold(Json(wanted), Json(live)).Should().Be(holds);

    [Fact]
    public void The_projection_does_not_see_what_others_add()
    {
        var wanted = Json("{a: {b: 1}, c: [{name: x, v: 1}]}");

        Projected(wanted, Json("{c: [{name: y}, {name: x, v: 9, z: 1}], a: {b: 7, q: 1}, s: {t: 1}}")).Should()
            .Be(Projected(wanted, Json("{a: {b: 7}, c: [{name: x, v: 9}]}")))
            .And.NotBe(Projected(wanted, Json("{a: {b: 8}, c: [{name: x, v: 9}]}")));
    }

    static string Projected(JsonElement wanted, JsonElement live)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            OwnedFields.Project(writer, wanted, live);
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    static JsonElement Json(string yaml) => JsonSerializer.Deserialize(Yaml.Read(yaml)[0].ToJsonString(), KubeJson.Default.JsonElement);
}
