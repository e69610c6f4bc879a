using System.Text.RegularExpressions;
using Sluice.Contract;
using Sluice.Operator.Desired;
using Sluice.Operator.Api;

namespace Sluice.Operator.Tests.Desired;

public sealed class StorageUrisTests
{
    [Theory]
    [InlineData("pvc://claim/model.onnx")]
    [InlineData("https://models.example/model.onnx")]
    [InlineData("HTTPS://models.example/model.onnx")]
    [InlineData("file:///models/iris")]
    [InlineData("s3://models/iris/2/model.onnx")]
    [InlineData("models:/churn/3")]
    [InlineData("models:/churn@champion")]
    [InlineData("runs:/0123abc/model")]
    [InlineData("oci+native://registry.example/iris@sha256:0123")]
    public void An_address_that_can_be_fetched_has_no_problem(string address) => StorageUris.Problem(address).Should().BeNull();

    [Theory]
    [InlineData("model.onnx", "SCHEME://PATH")]
    [InlineData("https://", "names nothing")]
    [InlineData("models:/", "names nothing")]
    [InlineData("https:/host/x.onnx", "https://")]
    [InlineData("pvc:///model.onnx", "names no claim")]
    [InlineData("ftp://host/model.onnx", "ftp")]
    public void What_cannot_work_is_said(string address, string says) => StorageUris.Problem(address).Should().Contain(says);

    [Fact]
    public void The_schema_lets_through_what_can_be_fetched_and_nothing_else()
    {
        var rule = StorageUriRule.Cel["self.matches('".Length..^"')".Length];
        StorageSchemes.Supported.Should().OnlyContain(s => Regex.IsMatch(StorageSchemes.StartOf(s) + (s == "file" ? "/x" : "x"), rule));
        rule.Count(static c => c == '|').Should().Be(StorageSchemes.Supported.Count - 2, "http and https are one branch");
        StorageUriRule.Message.Should().ContainAll(StorageSchemes.Supported.Select(StorageSchemes.StartOf));
    }

    [Fact]
    public void An_unknown_scheme_is_answered_with_all_that_are_supported() =>
        StorageUris.Problem("hdfs://host/model.onnx").Should().ContainAll(StorageSchemes.Supported);

    [Fact]
    public void An_image_is_left_to_the_kubelet_and_so_is_the_Secret()
    {
        var inputs = RevisionInputs.From("iris", new ModelSource(null, "oci+native://registry.example/iris:2", null, "pull"), new PredictorSpec { Model = new ModelSpec() });

        var pod = PodTemplateFor.Render("iris-1", inputs, "image").Spec!;

        var volume = pod.Volumes!.Single(v => v.Image is not null);
        volume.Image!.Reference.Should().Be("registry.example/iris:2");
        pod.ImagePullSecrets.Should().ContainSingle().Which.Name.Should().Be("pull");
        pod.Volumes.Should().NotContain(v => v.Secret != null);
        var fetching = pod.InitContainers!.Single();
        fetching.VolumeMounts!.Single(m => m.Name == volume.Name).Should().Match<Kubernetes.Model.VolumeMount>(m => m.MountPath == "/mnt/image" && m.ReadOnly == true);
        fetching.Args.Should().ContainInConsecutiveOrder("--image-path", "/mnt/image");
        fetching.Env.Should().BeNull("the kubelet reads the Secret, and no container");
        pod.Containers.Should().OnlyContain(c => c.VolumeMounts!.All(m => m.Name != volume.Name));
    }

    [Fact]
    public void The_Secret_of_a_model_is_mounted_where_it_is_fetched_and_nowhere_else()
    {
        var inputs = RevisionInputs.From("iris", new ModelSource(null, "https://m/a.onnx", null, "s3-creds"), new PredictorSpec { Model = new ModelSpec() });

        var pod = PodTemplateFor.Render("iris-1", inputs, "image").Spec!;

        var volume = pod.Volumes!.Single(v => v.Secret is not null);
        volume.Secret!.SecretName.Should().Be("s3-creds");
        volume.Secret.Optional.Should().BeTrue("a pod that waits for a Secret tells nobody so");
        var fetching = pod.InitContainers!.Single();
        fetching.VolumeMounts!.Single(m => m.Name == volume.Name).Should().Match<Kubernetes.Model.VolumeMount>(
            m => m.MountPath == CredentialFiles.Path && m.ReadOnly == true);
        fetching.Env!.Single(e => e.Name == CredentialFiles.Variable).Value.Should().Be(CredentialFiles.Path);
        fetching.Env!.Single(e => e.Name == CredentialFiles.NameVariable).Value.Should().Be("s3-creds");
        pod.Containers.Should().OnlyContain(c => c.VolumeMounts!.All(m => m.Name != volume.Name));
    }

    [Fact]
    public void Other_credentials_are_another_revision() =>
        Revision("a").Should().NotBe(Revision("b"));

    static string Revision(string secret) =>
        Names.Revision("iris", RevisionInputs.From("iris", new ModelSource(null, "https://m/a.onnx", null, secret), new PredictorSpec { Model = new ModelSpec() }));
}
