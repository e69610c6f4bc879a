using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Reconcile;

namespace Sluice.Operator.Tests.Reconcile;

public sealed class ManagedFieldsTests
{
    const string Ours = "{manager: sluice, operation: Update, apiVersion: v1, fieldsV1: {'f:spec': {'f:replicas': {}}}}";

    [Fact]
    public void What_was_created_becomes_what_was_applied()
    {
        var patch = Of(Ours, "{manager: kubectl, operation: Update}").Migration("sluice")!.Value;

        patch.GetProperty("metadata").GetProperty("resourceVersion").GetString().Should().Be("5");
        patch.GetProperty("metadata").GetProperty("managedFields").EnumerateArray()
            .Select(static e => $"{e.GetProperty("manager")} {e.GetProperty("operation")}")
            .Should().Equal("sluice Apply", "kubectl Update");
    }

    [Fact]
    public void An_update_beside_an_apply_is_dropped() =>
        Of("{manager: sluice, operation: Apply}", Ours).Migration("sluice")!.Value
            .GetProperty("metadata").GetProperty("managedFields").GetArrayLength().Should().Be(1);

    [Fact]
    public void What_was_applied_needs_nothing() => Of("{manager: sluice, operation: Apply}").Migration("sluice").Should().BeNull();

    [Theory]
    [InlineData(true, Ours)]
    [InlineData(false, Ours, "{manager: hpa, operation: Update, subresource: scale, fieldsV1: {'f:spec': {'f:replicas': {}}}}")]
    [InlineData(false, "{manager: sluice, operation: Apply, fieldsV1: {'f:spec': {}}}")]
    public void Whether_we_alone_own_replicas(bool alone, params string[] entries) =>
        Of(entries).AloneOwnsReplicas("sluice").Should().Be(alone);

    static ManagedFields Of(params string[] entries)
    {
        var yaml = $"{{metadata: {{uid: u, resourceVersion: '5', managedFields: [{string.Join(", ", entries)}]}}}}";
        return new ManagedFields(JsonSerializer.Deserialize(Yaml.Read(yaml)[0].ToJsonString(), KubeJson.Default.JsonElement));
    }
}
