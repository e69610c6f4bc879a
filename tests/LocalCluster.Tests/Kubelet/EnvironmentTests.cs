using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Containers;

namespace Sluice.LocalCluster.Tests.Kubelet;

public sealed class EnvironmentTests
{
    private static readonly PodPlace Place = new("127.80.0.7", "127.0.0.1", new Dictionary<string, decimal>
    {
        ["cpu"] = 4, ["memory"] = 8_000_000_000,
    });

    private static readonly Pod Pod = new()
    {
        Metadata = new ObjectMeta
        {
            Name = "p", Namespace = "n", Uid = "u", Labels = new Dictionary<string, string> { ["a/b"] = "c" },
        },
        Spec = new PodSpec { NodeName = "local", Containers = [new Container { Name = "c" }] },
    };

    [Theory]
    [InlineData("$(A)-$(B)", "1-$(B)")]
    [InlineData("$$(A) $A $", "$(A) $A $")]
    [InlineData("$(A", "$(A")]
    public void Variables_expand_as_in_Kubernetes(string text, string expected) =>
        VariableExpansion.Expand(text, new Dictionary<string, string> { ["A"] = "1" }).Should().Be(expected);

    [Fact]
    public void Values_come_from_literals_objects_and_fields_in_order()
    {
        var data = new ConfigData();
        data.ConfigMaps["m"] = new Dictionary<string, byte[]> { ["k"] = "v"u8.ToArray(), ["not a name"] = [] };
        data.Secrets["s"] = new Dictionary<string, byte[]> { ["k"] = "hidden"u8.ToArray() };
        var container = new Container
        {
            Name = "c",
            Resources = new ResourceRequirements { Limits = new Dictionary<string, Quantity> { ["memory"] = "64Mi" } },
            EnvFrom = [new EnvFromSource { Prefix = "M_", ConfigMapRef = new EnvFromReference { Name = "m" } }],
            Env =
            [
                new EnvVar { Name = "ONE", Value = "1" },
                new EnvVar { Name = "TWO", Value = "$(ONE)+$(M_k)" },
                new EnvVar { Name = "S", ValueFrom = new() { SecretKeyRef = new() { Name = "s", Key = "k" } } },
                new EnvVar { Name = "IP", ValueFrom = new() { FieldRef = new() { FieldPath = "status.podIP" } } },
                new EnvVar { Name = "L", ValueFrom = new() { FieldRef = new() { FieldPath = "metadata.labels['a/b']" } } },
                new EnvVar
                {
                    Name = "MEM",
                    ValueFrom = new() { ResourceFieldRef = new() { Resource = "limits.memory", Divisor = "1Mi" } },
                },
                new EnvVar { Name = "OPT", ValueFrom = new() { ConfigMapKeyRef = new() { Name = "no", Key = "k", Optional = true } } },
            ],
        };
        var pod = Pod with { Spec = Pod.Spec! with { Containers = [container] } };

        var result = ContainerEnvironment.Build(pod, container, new Dictionary<string, string> { ["P"] = "x" }, data, Place);

        result.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["P"] = "x", ["M_k"] = "v", ["ONE"] = "1", ["TWO"] = "1+v", ["S"] = "hidden", ["IP"] = "127.80.0.7",
            ["L"] = "c", ["MEM"] = "64",
        });
    }

    [Fact]
    public void A_missing_key_is_named_as_the_kubelet_names_it()
    {
        var data = new ConfigData();
        data.ConfigMaps["m"] = new Dictionary<string, byte[]>();
        var container = new Container
        {
            Name = "c",
            Env = [new EnvVar { Name = "A", ValueFrom = new() { ConfigMapKeyRef = new() { Name = "m", Key = "k" } } }],
        };

        var build = () => ContainerEnvironment.Build(Pod, container, new Dictionary<string, string>(), data, Place);

        build.Should().Throw<ContainerConfigException>().WithMessage("couldn't find key k in ConfigMap n/m");
    }

    [Theory]
    [InlineData("0.0.0.0:8080", "127.80.0.7:8080")]
    [InlineData("--http=0.0.0.0:8080", "--http=127.80.0.7:8080")]
    [InlineData("http://[::]:80/x", "http://127.80.0.7:80/x")]
    [InlineData("10.0.0.0.0", "10.0.0.0.0")]
    [InlineData("version 10.0.0.0", "version 10.0.0.0")]
    [InlineData("/mnt/models", "/host/volumes/models")]
    [InlineData("/mnt/models/a.onnx", "/host/volumes/models/a.onnx")]
    [InlineData("file:///mnt/models/a.onnx", "file:///mnt/models/a.onnx")]
    [InlineData("cat </mnt/models/a; cat '/mnt/models'", "cat </host/volumes/models/a; cat '/host/volumes/models'")]
    [InlineData("/mnt/models2 /x/mnt/models /mnt/models.bak", "/mnt/models2 /x/mnt/models /mnt/models.bak")]
    [InlineData("/mnt/models/inner/x", "/host/other/x")]
    [InlineData("/tmp/a /mnt/models", "/host/tmp/a /host/volumes/models")]
    public void Arguments_mean_on_the_host_what_they_mean_in_a_container(string text, string expected)
    {
        var rewriting = new HostRewriting(
            new Dictionary<string, string>
            {
                ["/mnt/models"] = "/host/volumes/models", ["/mnt/models/inner"] = "/host/other", ["/tmp"] = "/host/tmp",
            },
            "127.80.0.7");

        rewriting.Apply(text).Should().Be(expected);
    }

    [Fact]
    public void A_host_folder_below_a_mounted_path_is_not_rewritten_again()
    {
        var rewriting = new HostRewriting(
            new Dictionary<string, string> { ["/mnt/models"] = "/tmp/state/models", ["/tmp"] = "/tmp/state/tmp" }, "127.80.0.7");

        rewriting.Apply("/mnt/models/x /tmp/y").Should().Be("/tmp/state/models/x /tmp/state/tmp/y");
    }

    [Fact]
    public void Services_of_the_namespace_show_up_as_variables()
    {
        Service Service(string ns, string name, string ip) => new()
        {
            Metadata = new ObjectMeta { Namespace = ns, Name = name },
            Spec = new ServiceSpec
            {
                ClusterIP = ip,
                Ports = [new ServicePort { Port = 80, Name = "http" }, new ServicePort { Port = 9000, Name = "grpc-x" }],
            },
        };

        ServiceVariables.For(Pod, [Service("n", "my-svc", "127.96.0.1"), Service("n", "headless", "None"), Service("m", "x", "1")])
            .Should().BeEquivalentTo(new Dictionary<string, string>
            {
                ["MY_SVC_SERVICE_HOST"] = "127.96.0.1", ["MY_SVC_SERVICE_PORT"] = "80",
                ["MY_SVC_SERVICE_PORT_HTTP"] = "80", ["MY_SVC_SERVICE_PORT_GRPC_X"] = "9000",
            });
    }

    [Theory]
    [InlineData("sluice-runtime", "/bin/rt")]
    [InlineData("sluice-runtime:0.1.0", "/bin/rt")]
    [InlineData("sluice-runtime@sha256:00", "/bin/rt")]
    [InlineData("sluice-runtime:special", "/bin/special")]
    [InlineData("localhost:5000/x:1", "/bin/x")]
    [InlineData("other", null)]
    public void An_image_is_found_as_written_and_then_without_its_tag(string image, string? program) =>
        new ImageMap(new Dictionary<string, string>
        {
            ["sluice-runtime"] = "/bin/rt", ["sluice-runtime:special"] = "/bin/special", ["localhost:5000/x"] = "/bin/x",
        }).Find(image).Should().Be(program);

    [Fact]
    public void A_command_called_like_the_program_is_the_program()
    {
        ImageMap.Arguments("/a/rt", ["/usr/bin/rt", "x"], ["y"]).Should().Equal("/a/rt", "x", "y");
        ImageMap.Arguments("/a/rt", ["/bin/sh"], null).Should().Equal("/bin/sh");
        ImageMap.Arguments("/a/rt", null, ["serve"]).Should().Equal("/a/rt", "serve");
    }
}
