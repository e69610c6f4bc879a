using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Traffic;

namespace Sluice.Operator.Tests.Support;

/// <summary>A view of one service out of YAML, as the stores would give it.</summary>
internal static class Manifests
{
    public static ServiceView View(params string[] documents)
    {
        var nodes = documents.SelectMany(static d => Yaml.Read(d)).Select(static n => n.AsObject()).ToArray();
        var service = All<InferenceService>(nodes).Single();
        return new ServiceView
        {
            Service = service,
            Version = All<ModelVersion>(nodes).FirstOrDefault(v => v.Metadata.Name == service.Spec.Predictor.Model.Version),
            Records = All<ControllerRevision>(nodes),
            Deployments = All<Deployment>(nodes),
            Pods = All<Pod>(nodes),
            Services = All<Service>(nodes),
            Slices = All<EndpointSlice>(nodes),
            ConfigMaps = All<ConfigMap>(nodes),
            Autoscalers = All<HorizontalPodAutoscaler>(nodes),
            Budgets = All<PodDisruptionBudget>(nodes),
            Policies = All<NetworkPolicy>(nodes),
        };
    }

    /// <summary>What a Gateway says, where the service is behind one.</summary>
    public static RouteReading Route(ServiceView view, string documents = "") => view.IsBehindGateway
        ? RouteReading.Of(view.Service, view.Service.Spec.Rollout!.GatewayRef!, Routes(documents)) : RouteReading.None;

    public static InferenceService Service(string spec, string name = "iris") => View(
        $$"""
        apiVersion: sluice.dev/v1alpha1
        kind: InferenceService
        metadata: {name: {{name}}, namespace: shop, uid: uid-{{name}}, resourceVersion: "1", generation: 1}
        spec: {{spec}}
        """).Service;

    /// <summary>What is read back when every pod that divides applies the document that is there.</summary>
    public static SplitReading Reading(ServiceView view) =>
        PodSplit.Concerns(view) && SplitDocuments.Read(view.Split) is { } document
            ? new SplitReading(SplitDocuments.ToSplit(document), [], null) : SplitReading.None;

    public static HttpRoute[] Routes(string documents) => All<HttpRoute>(Yaml.Read(documents).Select(static n => n!.AsObject()));

    static T[] All<T>(IEnumerable<JsonObject> nodes)
        where T : class, IKubeObject<T> =>
        [.. nodes.Where(static n => (string?)n["kind"] == T.Kind.Kind).Select(static n => n.Deserialize(T.JsonType)!)];
}
