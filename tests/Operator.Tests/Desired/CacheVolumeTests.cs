using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Tests.Desired;

public sealed class CacheVolumeTests
{
    [Fact]
    public void The_fetching_container_alone_gets_the_folder_of_the_node()
    {
        var pod = Pod("s3://models/iris", CacheVolume.Parse("hostPath:/var/cache/sluice") with { Size = "50Gi" });

        var volume = pod.Volumes!.Single(static v => v.HostPath is not null);
        volume.HostPath.Should().Match<HostPathVolumeSource>(static h => h.Path == "/var/cache/sluice" && h.Type == "Directory");
        var fetching = pod.InitContainers!.Single();
        fetching.VolumeMounts.Should().ContainSingle(m => m.Name == volume.Name && m.MountPath == CacheVolume.MountPath && m.ReadOnly != true);
        fetching.Args.Should().ContainInConsecutiveOrder("--cache", CacheVolume.MountPath, "--cache-max-bytes", "50Gi");
        pod.Containers.Should().OnlyContain(c => c.VolumeMounts!.All(m => m.Name != volume.Name));
    }

    [Fact]
    public void A_claim_does_as_well() =>
        Pod("https://host/model.onnx", CacheVolume.Parse("pvc:models")).Volumes.Should().ContainSingle(static v => v.PersistentVolumeClaim != null)
            .Which.PersistentVolumeClaim!.ClaimName.Should().Be("models");

    [Theory]
    [InlineData("pvc://claim/model.onnx")]
    [InlineData("file:///models/model.onnx")]
    [InlineData("oci+native://registry.example/iris:2")]
    public void What_is_there_already_is_not_cached(string storageUri) =>
        Pod(storageUri, CacheVolume.Parse("hostPath:/x")).Should().BeEquivalentTo(Pod(storageUri, null));

    [Theory]
    [InlineData("/var/cache")]
    [InlineData("hostPath:relative")]
    [InlineData("pvc:")]
    public void What_is_neither_is_refused(string text) => ((Func<object>)(() => CacheVolume.Parse(text))).Should().Throw<FormatException>();

    static PodSpec Pod(string storageUri, CacheVolume? cache) => PodTemplateFor.Render("iris-1", Inputs(storageUri), new PodOptions("image", cache)).Spec!;

    static RevisionInputs Inputs(string storageUri) =>
        RevisionInputs.From("iris", new ModelSource(null, storageUri, null), new PredictorSpec { Model = new ModelSpec() });
}
