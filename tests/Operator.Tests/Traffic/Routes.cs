using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Tests.Support;
using Sluice.Rollouts;

namespace Sluice.Operator.Tests.Traffic;

/// <summary>Services behind a Gateway and their routes.</summary>
internal static class Routes
{
    public static readonly GatewayReference Public = new() { Name = "public", Namespace = "gateways", Hostnames = ["iris.example.com"] };

    public static readonly InferenceService Iris = Manifests.Service(
        "{predictor: {model: {version: iris-2}}, rollout: {strategy: Canary, router: GatewayAPI, gatewayRef: {name: public, namespace: gateways, hostnames: [iris.example.com]}}}");

    public static TrafficSplit Split(int candidate, int copies = 0) =>
        TrafficSplit.Of(new Share("iris-old", 100 - candidate), new Share("iris-new", candidate)).Copying("iris-new", copies);

    /// <summary>As it is in the API, looked at by nobody.</summary>
    public static HttpRoute Live(TrafficSplit split, long generation = 3, InferenceService? service = null) =>
        HttpRouteFor.Render(service ?? Iris, (service ?? Iris).Spec.Rollout!.GatewayRef!, split, split.Shares[0].Revision) is var route
            ? route with { Metadata = route.Metadata with { Uid = "uid-route", Generation = generation, CreationTimestamp = At(10) } }
            : throw new InvalidOperationException();

    /// <summary>With what controllers say of it, as YAML.</summary>
    public static HttpRoute Saying(this HttpRoute route, string parents) =>
        route with { Status = Yaml.Read($"parents: {parents}").Single()!.Deserialize(KubeJson.Default.HttpRouteStatus) };

    /// <param name="generation">That was looked at.</param>
    /// <param name="more">Further conditions.</param>
    public static HttpRoute Accepted(this HttpRoute route, long generation = 3, string resolved = "True", string more = "") => route.Saying(
        $$"""
        [{parentRef: {name: public, namespace: gateways}, controllerName: example.com/gateway, conditions: [
          {type: Accepted, status: "True", observedGeneration: {{generation}}, reason: Accepted, message: ""},
          {type: ResolvedRefs, status: "{{resolved}}", observedGeneration: {{generation}}, reason: BackendNotFound, message: "Service iris-new not found"}{{more}}]}]
        """);

    public static DateTimeOffset At(int minute) => new(2026, 1, 1, 12, minute, 0, TimeSpan.Zero);
}
