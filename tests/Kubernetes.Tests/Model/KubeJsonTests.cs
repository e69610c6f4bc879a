using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Tests.Model;

public sealed class KubeJsonTests
{
    private static IEnumerable<Type> WireTypes => typeof(Pod).Assembly.GetTypes()
        .Where(t => t is { Namespace: "Sluice.Kubernetes.Model", ContainsGenericParameters: false } && KubeJson.Default.GetTypeInfo(t) is { Kind: JsonTypeInfoKind.Object });

    [Fact]
    public void Every_member_of_a_wire_type_is_required_or_can_be_absent()
    {
        // The source generator ignores initialisers of init members: a member that is neither would silently be 0 or null.
        var nullability = new NullabilityInfoContext();
        var wrong = from type in WireTypes
                    from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    where property.CanWrite && property.GetCustomAttribute<JsonIgnoreAttribute>() is null
                    where property.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is null
                    where nullability.Create(property).WriteState != NullabilityState.Nullable
                    select $"{type.Name}.{property.Name}";

        wrong.Should().BeEmpty();
        WireTypes.Count().Should().BeGreaterThan(100);
    }

    [Fact]
    public void Every_time_says_how_it_is_written()
    {
        var wrong = from type in WireTypes
                    from property in type.GetProperties()
                    where property.PropertyType == typeof(DateTimeOffset?)
                    where property.GetCustomAttribute<JsonConverterAttribute>() is null
                    select $"{type.Name}.{property.Name}";

        wrong.Should().BeEmpty();
    }

    [Theory]
    [InlineData(typeof(PodSpec), nameof(PodSpec.HostIPC), "hostIPC")]
    [InlineData(typeof(PodStatus), nameof(PodStatus.PodIPs), "podIPs")]
    [InlineData(typeof(PodStatus), nameof(PodStatus.QosClass), "qosClass")]
    [InlineData(typeof(ServiceSpec), nameof(ServiceSpec.ClusterIP), "clusterIP")]
    [InlineData(typeof(Volume), nameof(Volume.DownwardAPI), "downwardAPI")]
    [InlineData(typeof(ContainerStatus), nameof(ContainerStatus.ImageID), "imageID")]
    [InlineData(typeof(ContainerPort), nameof(ContainerPort.Number), "containerPort")]
    [InlineData(typeof(JobSpec), nameof(JobSpec.TtlSecondsAfterFinished), "ttlSecondsAfterFinished")]
    public void Names_are_those_of_the_API(Type type, string member, string expected)
    {
        var property = type.GetProperty(member)!;
        KubeJson.Default.GetTypeInfo(type)!.Properties
            .Where(p => p.AttributeProvider is PropertyInfo info && info.Name == property.Name)
            .Select(p => p.Name).Should().Equal(expected);
    }

    [Fact]
    public void Unsaid_is_not_written_and_the_kind_comes_first()
    {
        var map = new ConfigMap { Metadata = new ObjectMeta { Name = "a", Namespace = "ns" }, Data = new Dictionary<string, string>() };

        JsonSerializer.Serialize(map, KubeJson.Default.ConfigMap).Should().Be(
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"ns"},"data":{}}""");
    }

    [Theory]
    [MemberData(nameof(SampleFiles))]
    public void What_a_server_says_is_read_and_what_we_model_is_written_back_the_same(string file)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Samples, file)))!.AsObject();
        var type = WireTypes.Single(t => t.Name == json["kind"]!.GetValue<string>());
        var info = KubeJson.Default.GetTypeInfo(type)!;

        var read = JsonSerializer.Deserialize(json.ToJsonString(), info)!;
        var written = JsonSerializer.SerializeToNode(read, info)!;

        Differences(json, written, "").Should().BeEmpty();
        ((IKubeObject)read).Metadata.Uid.Should().NotBeNullOrEmpty();
    }

    public static IEnumerable<object[]> SampleFiles() =>
        Directory.GetFiles(Samples, "*.json").Order().Select(f => new object[] { Path.GetFileName(f) });

    private static string Samples => Path.Combine(AppContext.BaseDirectory, "Samples");

    // Everything written must have been said; what was said may be unknown to us.
    private static IEnumerable<string> Differences(JsonNode? said, JsonNode? written, string path)
    {
        switch (written)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    if (said is not JsonObject whole || !whole.ContainsKey(name))
                        yield return $"{path}.{name} was not said";
                    else
                        foreach (var difference in Differences(whole[name], value, $"{path}.{name}"))
                            yield return difference;
                }

                break;
            case JsonArray items when said is JsonArray all && all.Count == items.Count:
                for (var i = 0; i < items.Count; i++)
                {
                    foreach (var difference in Differences(all[i], items[i], $"{path}[{i}]"))
                        yield return difference;
                }

                break;
            default:
                if (!JsonNode.DeepEquals(said, written))
                    yield return $"{path}: {said?.ToJsonString()} became {written?.ToJsonString()}";
                break;
        }
    }
}
