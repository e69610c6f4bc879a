using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Versions;
using static Sluice.Operator.Tests.Versions.Samples;

namespace Sluice.Operator.Tests.Desired;

public sealed class ServerAnnotationsTests
{
    [Fact]
    public void The_fetching_containers_of_the_Job_and_of_the_service_get_them_by_KServes_names()
    {
        var version = Annotated("s3://models/iris", ("serving.kserve.io/s3-endpoint", "minio:9000"), ("serving.kserve.io/s3-usehttps", "0"), ("other", "x"));
        var inputs = RevisionInputs.From("iris", SourceFor.Of(version), new PredictorSpec { Model = new ModelSpec() });

        foreach (var pod in new[] { PodTemplateFor.Render("iris-x", inputs, Image).Spec!, VerifyJobFor.Render(version, 1, Image).Spec!.Template!.Spec! })
        {
            pod.InitContainers!.Single().Env!.Select(static e => $"{e.Name}={e.Value}").Should().Equal("S3_ENDPOINT=minio:9000", "S3_USE_HTTPS=0");
            (pod.Containers!.Single().Env ?? []).Should().NotContain(static e => e.Name == "S3_ENDPOINT", "who serves fetches nothing");
        }
    }

    [Theory]
    [InlineData("https://host/model.onnx")]
    [InlineData("pvc://models/iris")]
    public void What_is_not_on_S3_is_no_other_revision_for_them(string storageUri) =>
        SourceFor.Of(Annotated(storageUri, ("serving.kserve.io/s3-region", "eu"))).Should().Be(SourceFor.Of(Version(uri: storageUri)));

    [Fact]
    public void Of_an_inline_model_they_are_those_of_the_service()
    {
        var service = new InferenceService
        {
            Metadata = new ObjectMeta { Name = "iris", Annotations = new Dictionary<string, string> { ["serving.kserve.io/s3-useanoncredential"] = "true" } },
            Spec = new InferenceServiceSpec { Predictor = new PredictorSpec { Model = new ModelSpec { StorageUri = "s3://models/iris" } } },
        };

        SourceFor.Resolve(service, null, []).Source!.StorageVariables.Should().Equal(new Dictionary<string, string> { ["AWS_ANONYMOUS_CREDENTIAL"] = "true" });
    }

    static ModelVersion Annotated(string storageUri, params (string Key, string Value)[] annotations)
    {
        var version = Version(uri: storageUri);
        return version with { Metadata = version.Metadata with { Annotations = annotations.ToDictionary(static a => a.Key, static a => a.Value) } };
    }
}
