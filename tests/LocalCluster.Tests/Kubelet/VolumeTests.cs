using System.Text;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Containers;
using Sluice.LocalCluster.Kubelet.Volumes;

namespace Sluice.LocalCluster.Tests.Kubelet;

public sealed class VolumeTests
{
    private static readonly PodPlace Place = new("127.80.0.7", "127.0.0.1", new Dictionary<string, decimal>());

    private static readonly Pod Pod = new()
    {
        Metadata = new ObjectMeta
        {
            Name = "p", Namespace = "n", Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "say \"x\"" },
        },
    };

    private static VolumeFile Text(string path, string text) => new(path, Encoding.UTF8.GetBytes(text), (UnixFileMode)0x1a4);

    [Fact]
    public void A_volume_changes_all_at_once_behind_one_link()
    {
        using var folder = new TempFolder();
        AtomicFolder.Write(folder, [Text("split.json", "1"), Text("deep/x", "y"), Text("gone", "")]).Should().BeTrue();
        var before = new FileInfo(folder.File("..data")).LinkTarget;

        AtomicFolder.Write(folder, [Text("split.json", "2"), Text("deep/x", "y")]).Should().BeTrue();

        new FileInfo(folder.File("..data")).LinkTarget.Should().NotBe(before);
        new FileInfo(folder.File("split.json")).LinkTarget.Should().Be("..data/split.json");
        File.ReadAllText(folder.File("split.json")).Should().Be("2");
        File.ReadAllText(folder.File("deep/x")).Should().Be("y");
        File.Exists(folder.File("gone")).Should().BeFalse();
        Directory.EnumerateFileSystemEntries(folder).Should().HaveCount(4, "one version, ..data and two names are there");
    }

    [Fact]
    public void The_same_content_is_not_written_again()
    {
        using var folder = new TempFolder();
        AtomicFolder.Write(folder, [Text("a", "1")]);

        AtomicFolder.Write(folder, [Text("a", "1")]).Should().BeFalse();
    }

    [Fact]
    public void Keys_can_be_chosen_and_a_missing_one_is_named()
    {
        var data = new ConfigData();
        data.ConfigMaps["m"] = new Dictionary<string, byte[]> { ["a"] = "1"u8.ToArray(), ["b"] = "2"u8.ToArray() };
        Volume Of(params KeyToPath[] items) => new() { Name = "v", ConfigMap = new() { Name = "m", Items = items } };

        VolumeContent.Render(Of(new KeyToPath { Key = "b", Path = "x/b", Mode = 0x180 }), Pod, data, Place)
            .Should().ContainSingle().Which.Should().BeEquivalentTo(
                new VolumeFile("x/b", "2"u8.ToArray(), UnixFileMode.UserRead | UnixFileMode.UserWrite));
        var missing = () => VolumeContent.Render(Of(new KeyToPath { Key = "no", Path = "x" }), Pod, data, Place);
        missing.Should().Throw<MountException>().WithMessage("configmap n/m references non-existent key: no");
    }

    [Fact]
    public void A_missing_object_fails_the_mount_unless_it_is_optional()
    {
        var volume = new Volume { Name = "v", Secret = new() { SecretName = "s" } };
        var render = () => VolumeContent.Render(volume, Pod, new ConfigData(), Place);

        render.Should().Throw<MountException>().WithMessage("secret \"s\" not found");
        VolumeContent.Render(volume with { Secret = volume.Secret! with { Optional = true } }, Pod, new ConfigData(), Place)
            .Should().BeEmpty();
    }

    [Fact]
    public void The_downward_volume_holds_labels_sorted_and_quoted()
    {
        var volume = new Volume
        {
            Name = "v",
            DownwardAPI = new()
            {
                Items = [new DownwardApiVolumeFile { Path = "labels", FieldRef = new() { FieldPath = "metadata.labels" } }],
            },
        };

        Encoding.UTF8.GetString(VolumeContent.Render(volume, Pod, new ConfigData(), Place)[0].Content)
            .Should().Be("a=\"say \\\"x\\\"\"\nb=\"2\"");
    }

    [Fact]
    public void Claims_lie_in_a_folder_of_their_own_that_outlives_the_pod()
    {
        using var folder = new TempFolder();
        var volumes = new PodVolumes(folder.File("pods/u"), folder.File("volumes"), new ImageMap(new Dictionary<string, string>()));
        var pod = Pod with
        {
            Spec = new PodSpec
            {
                Volumes =
                [
                    new Volume { Name = "c", PersistentVolumeClaim = new() { ClaimName = "models" } },
                    new Volume { Name = "e", EmptyDir = new() },
                ],
            },
        };
        var container = new Container
        {
            Name = "c",
            VolumeMounts =
            [
                new VolumeMount { Name = "c", MountPath = "/mnt/pvc/models/", SubPath = "iris" },
                new VolumeMount { Name = "e", MountPath = "/mnt/models" },
            ],
        };

        volumes.Write(pod, new ConfigData(), Place);

        volumes.Mounts(pod, container).Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["/mnt/pvc/models"] = folder.File("volumes/n/models/iris"), ["/mnt/models"] = folder.File("pods/u/volumes/e"),
        });
        Directory.Exists(folder.File("volumes/n/models")).Should().BeTrue();
    }
}
