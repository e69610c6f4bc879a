using Sluice.Contract;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>An image that the kubelet has mounted.</summary>
public sealed class ImageVolumeTests : IDisposable
{
    private const string Address = "oci+native://registry.example/iris:2";
    private readonly StorageFixture storage = new();

    public void Dispose() => storage.Dispose();

    [Theory]
    [InlineData("models/model.onnx")]
    [InlineData("model.onnx")]
    public async Task The_model_of_an_image_is_taken_and_held_to_its_digest(string path)
    {
        Write(path);
        if (path.StartsWith("models/", StringComparison.Ordinal))
            Write("etc/passwd");

        await storage.PullAsync(Address, StorageFixture.Sha256);
        storage.Fetched().Should().Equal(StorageFixture.Model);
        Directory.Delete(storage.To, recursive: true);

        (await storage.FailureAsync(Address, new string('0', 64))).Reason.Should().Be(TerminationReasons.DigestMismatch);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cluster_without_image_volumes_is_told_from_an_image_without_a_model(bool isMounted)
    {
        if (isMounted)
            Directory.CreateDirectory(storage.Image);

        var failure = await storage.FailureAsync(Address);

        failure.Reason.Should().Be(TerminationReasons.NotFound);
        failure.Message.Should().Contain("Kubernetes 1.35").And.Contain("oci://");
    }

    private void Write(string path)
    {
        var file = Path.Combine(storage.Image, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, StorageFixture.Model);
    }
}
