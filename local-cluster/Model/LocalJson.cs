using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Model;

/// <summary>Source-generated metadata of the kinds that only the local cluster's own components read or write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeploymentResource))]
[JsonSerializable(typeof(ReplicaSetResource))]
[JsonSerializable(typeof(JobResource))]
[JsonSerializable(typeof(CronJobResource))]
[JsonSerializable(typeof(PodResource))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(ServiceAccount))]
[JsonSerializable(typeof(ScaleResource))]
[JsonSerializable(typeof(ObjectMeta))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class LocalJson : JsonSerializerContext;
