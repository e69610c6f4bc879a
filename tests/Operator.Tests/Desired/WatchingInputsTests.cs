using Sluice.Operator.Desired;
using Sluice.Operator.Tests.Support;

namespace Sluice.Operator.Tests.Desired;

/// <summary>What predictor.monitoring, predictor.logger and predictor.batcher say reaches the pods, and nothing else makes a new revision.</summary>
public sealed class WatchingInputsTests
{
    [Theory]
    [InlineData("monitoring: {drift: {threshold: 0.1, window: 1000}}", "")]
    [InlineData("monitoring: {drift: {threshold: 0.25, window: 200, windowTime: 5m, falseAlarms: 0.01, method: jensen_shannon}}",
        "SLUICE_DRIFT_FALSE_ALARMS=0.01 SLUICE_DRIFT_METHOD=jensen_shannon SLUICE_DRIFT_THRESHOLD=0.25 SLUICE_DRIFT_WINDOW=200 SLUICE_DRIFT_WINDOW_TIME=5m")]
    [InlineData("monitoring: {drift: {method: chi2}}", "SLUICE_DRIFT_METHOD=chi2")]
    [InlineData("monitoring: {drift: {learnBaseline: 500}}", "SLUICE_LEARN_BASELINE=500")]
    [InlineData("monitoring: {feedback: {window: 10000, maxDrop: 0.2}}", "SLUICE_FEEDBACK_WINDOW=10000")]
    [InlineData("monitoring: {drift: {}, onDrift: {hold: true, url: 'http://x', jobTemplate: {spec: {}}}}", "")]
    [InlineData("logger: {mode: all, samplePercent: 100}", "SLUICE_PAYLOAD_LOG=all")]
    [InlineData("logger: {queueBytes: 16777216, batchSize: 1, interval: 0s, volume: {claimName: logs, maxBytes: 1073741824}}", "SLUICE_PAYLOAD_LOG=all SLUICE_PAYLOAD_LOG_TO=/mnt/payloads/iris/")]
    [InlineData("logger: {queueBytes: 65536, batchSize: 50, interval: 1m500ms, volume: {claimName: logs, maxBytes: 2000000}}",
        "SLUICE_PAYLOAD_LOG=all SLUICE_PAYLOAD_LOG_BATCH=50 SLUICE_PAYLOAD_LOG_INTERVAL=60500ms SLUICE_PAYLOAD_LOG_MAX_SIZE=2000000 SLUICE_PAYLOAD_LOG_QUEUE=65536 SLUICE_PAYLOAD_LOG_TO=/mnt/payloads/iris/")]
    [InlineData("logger: {mode: response, url: 'http://sink/x', samplePercent: 10, metadataHeaders: [x-tenant, x-b], exclude: [ssn, 'input[2]']}",
        "SLUICE_PAYLOAD_LOG=response SLUICE_PAYLOAD_LOG_EXCLUDE=ssn,input[2] SLUICE_PAYLOAD_LOG_HEADERS=x-tenant,x-b SLUICE_PAYLOAD_LOG_SAMPLE=10 SLUICE_PAYLOAD_LOG_TO=http://sink/x")]
    [InlineData("batcher: {}", "SLUICE_BATCH_SIZE=32")]
    [InlineData("batcher: {maxBatchSize: 8, maxLatency: 5ms}", "SLUICE_BATCH_SIZE=8")]
    [InlineData("batcher: {maxBatchSize: 1, maxLatency: 20ms}", "SLUICE_BATCH_LATENCY=20ms SLUICE_BATCH_SIZE=1")]
    public void Each_field_is_a_variable_and_what_the_runtime_does_anyway_is_none(string predictor, string variables)
    {
        var inputs = Inputs(predictor, new ModelSource(null, "https://m/a.onnx", null));

        Variables(inputs).Should().Be(variables);
        (inputs.Watching is null).Should().Be(variables.Length == 0);
        Names.Revision("iris", inputs).Should().Be(Names.Revision("iris", Inputs("minReplicas: 1", new ModelSource(null, "https://m/a.onnx", null)) with { Watching = inputs.Watching, PayloadClaim = inputs.PayloadClaim }));
    }

    [Fact]
    public void A_copy_of_the_versions_baseline_is_mounted_and_none_is_learnt()
    {
        var inputs = Inputs("monitoring: {drift: {learnBaseline: 500}}", new ModelSource("iris-2", "https://m/a.onnx", null) { BaselineConfigMap = "iris-baseline" });

        Variables(inputs).Should().BeEmpty();
        var pod = PodTemplateFor.Render("iris-abc", inputs, "image").Spec!;
        pod.Containers!.Single().Env!.Should().ContainSingle(static e => e.Name == "SLUICE_BASELINE").Which.Value.Should().Be("/etc/sluice/baseline");
        pod.Volumes!.Should().ContainSingle(static v => v.ConfigMap != null && v.ConfigMap.Name == "iris-abc-baseline");
    }

    [Fact]
    public void A_claim_for_payloads_is_mounted_where_the_runtime_may_write()
    {
        var pod = PodTemplateFor.Render("iris-abc", Inputs("logger: {volume: {claimName: logs}}", new ModelSource(null, "https://m/a.onnx", null)), "image").Spec!;

        pod.Volumes!.Should().ContainSingle(static v => v.PersistentVolumeClaim != null && v.PersistentVolumeClaim.ClaimName == "logs" && v.PersistentVolumeClaim.ReadOnly == null);
        pod.Containers!.Single().VolumeMounts!.Should().ContainSingle(static m => m.Name == "payloads" && m.MountPath == "/mnt/payloads" && m.ReadOnly == null);
        pod.InitContainers!.Single().VolumeMounts!.Should().NotContain(static m => m.Name == "payloads");
        pod.SecurityContext!.FsGroup.Should().Be(pod.SecurityContext.RunAsUser);
    }

    [Fact]
    public void The_serving_container_alone_is_told()
    {
        var pod = PodTemplateFor.Render("iris-abc", Inputs("logger: {}", new ModelSource(null, "https://m/a.onnx", null)), "image").Spec!;

        pod.Containers!.Single().Env!.Should().ContainSingle(static e => e.Name == "SLUICE_PAYLOAD_LOG").Which.Value.Should().Be("all");
        (pod.InitContainers!.Single().Env ?? []).Should().BeEmpty();
    }

    static RevisionInputs Inputs(string predictor, ModelSource source) =>
        RevisionInputs.From("iris", source, Manifests.Service($"{{predictor: {{model: {{storageUri: 'https://m/a.onnx'}}, {predictor}}}}}").Spec.Predictor);

    static string Variables(RevisionInputs inputs) => string.Join(' ', WatchingInputs.Variables(inputs).Select(static v => $"{v.Name}={v.Value}"));
}
