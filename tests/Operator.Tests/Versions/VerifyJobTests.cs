using System.Text.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Versions;
using static Sluice.Operator.Tests.Versions.Samples;

namespace Sluice.Operator.Tests.Versions;

/// <summary>The examining pod has what a serving pod has, and nothing more.</summary>
public sealed class VerifyJobTests
{
    [Fact]
    public void It_fetches_as_a_serving_pod_does_and_is_as_locked_down()
    {
        var version = Version(uri: "pvc://models/iris/2/model.onnx");
        var inputs = RevisionInputs.From("iris.2", SourceFor.Of(version), new PredictorSpec { Model = new ModelSpec() });
        var serving = PodTemplateFor.Render("iris-x", inputs, Image).Spec!;

        var pod = VerifyJobFor.Render(version, 1, Image).Spec!.Template!.Spec!;

        pod.InitContainers.Should().BeEquivalentTo(serving.InitContainers);
        pod.SecurityContext.Should().Be(serving.SecurityContext);
        pod.Containers!.Single().SecurityContext.Should().BeEquivalentTo(serving.Containers!.Single().SecurityContext);
        pod.Containers!.Single().Args.Should().Equal("inspect", "/mnt/models", "--termination");
        pod.Volumes!.Select(static v => v.Name).Should().Equal("model", "tmp", "claim");
        (pod.AutomountServiceAccountToken, pod.ServiceAccountName, pod.RestartPolicy).Should().Be((false, null, "Never"));
    }

    [Fact]
    public void It_is_short_lived_and_goes_with_its_version()
    {
        var job = VerifyJobFor.Render(Version(), 1, Image);

        (job.Spec!.BackoffLimit, job.Spec.TtlSecondsAfterFinished, job.Spec.ActiveDeadlineSeconds).Should().Be((0, 60, 3600));
        job.Metadata.Controller!.Uid.Should().Be("uid-v2");
        job.Metadata.Label("sluice.dev/modelversion").Should().Be("iris.2");
        job.Metadata.Label("sluice.dev/inferenceservice").Should().BeNull("no Service may take its pod for a serving one");
        job.Metadata.Name.Should().MatchRegex("^iris-2-verify-[a-z0-9]{5}$");
    }

    [Fact]
    public void What_a_version_names_for_reference_is_mounted_for_both_and_may_be_gone()
    {
        var version = Version("golden: {configMapName: g}, baseline: {configMapName: b}");
        var inputs = RevisionInputs.From("iris.2", SourceFor.Of(version), new PredictorSpec { Model = new ModelSpec() });

        var pods = new (PodSpec Pod, string[] Names)[]
        {
            (PodTemplateFor.Render("iris-x", inputs, Image).Spec!, ["iris-x-golden", "iris-x-baseline"]),
            (VerifyJobFor.Render(version, 1, Image).Spec!.Template!.Spec!, ["g", "b"]),
        };

        foreach (var (pod, names) in pods)
        {
            pod.Volumes!.Where(static v => v.ConfigMap is { Optional: true }).Select(static v => v.ConfigMap!.Name).Should().Equal(names);
            var container = pod.Containers!.Single();
            container.VolumeMounts!.Select(static m => m.MountPath).Should().Contain(["/etc/sluice/golden", "/etc/sluice/baseline"]);
            container.Env!.Select(static e => $"{e.Name}={e.Value}").Should().Contain(["SLUICE_GOLDEN=/etc/sluice/golden", "SLUICE_BASELINE=/etc/sluice/baseline"]);
            pod.InitContainers!.Single().VolumeMounts!.Select(static m => m.Name).Should().NotContain(["golden", "baseline"]);
        }
    }

    [Fact]
    public void What_is_expected_of_features_is_told_to_both()
    {
        var version = Version("expectations: [{feature: age, min: 0, max: 120.5, required: true, reject: true}, {feature: plan, allowed: [basic, 3, '$(HOME)']}]");
        var predictor = new PredictorSpec { Model = new ModelSpec(), Monitoring = new MonitoringSpec { Violations = ViolationPolicy.Reject } };

        var serving = PodTemplateFor.Render("iris-x", RevisionInputs.From("iris.2", SourceFor.Of(version), predictor), Image).Spec!;
        var examining = VerifyJobFor.Render(version, 1, Image).Spec!.Template!.Spec!;

        foreach (var container in (IEnumerable<Container>)[serving.Containers!.Single(), examining.Containers!.Single()])
        {
            var told = container.Env!.Single(static e => e.Name == "SLUICE_EXPECTATIONS").Value!;
            told.Should().NotContain("$");
            JsonDocument.Parse(told).RootElement.Should().BeEquivalentTo(
                JsonDocument.Parse("""[{"feature":"age","min":0,"max":120.5,"required":true,"reject":true},{"feature":"plan","allowed":["basic",3,"$(HOME)"]}]""").RootElement,
                static o => o.ComparingByMembers<JsonElement>());
        }
        serving.Containers!.Single().Env.Should().Contain(static e => e.Name == "SLUICE_VIOLATIONS" && e.Value == "reject");
    }

    [Fact]
    public void What_does_not_fit_into_a_variable_is_refused()
    {
        var version = Version($"expectations: [{{feature: plan, allowed: [{string.Join(", ", Enumerable.Range(0, 400).Select(static i => $"v{i:000}{new string('x', 200)}"))}]}}]");

        Look(version).Finding.Should().BeOfType<Finding.Refused>().Which.Failure.Message.Should().Contain("64 KiB");
    }

    [Fact]
    public void Its_name_fits_and_differs_by_attempt()
    {
        var long_ = new string('a', 63);

        var names = Enumerable.Range(1, 20).Select(i => Names.Verification(long_, "uid", i)).ToArray();

        names.Should().OnlyHaveUniqueItems().And.OnlyContain(static n => n.Length <= 63);
    }
}
