using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Tests.Support;
using Sluice.Operator.Traffic;
using Sluice.Support.Http;

namespace Sluice.Operator.Tests.Traffic;

public sealed class GatewayRoutesTests
{
    [Fact]
    public async Task A_cluster_without_the_kind_is_named_and_only_where_a_Gateway_is_asked_for()
    {
        await using var api = await AnsweringAsync(404, "the server could not find the requested resource");
        var reading = await ReadAsync(api, Routes.Iris);
        (reading.Problem!.Reason, reading.Problem.Final, reading.MayWrite).Should().Be((Reasons.GatewayApiMissing, true, false));
        reading.Problem.Message.Should().ContainAll("gateway.networking.k8s.io/v1", "set router to Pods");

        var before = Manifests.Service("{predictor: {model: {version: iris-2}}}");
        (await ReadAsync(api, before with { Status = new InferenceServiceStatus { Route = "iris" } })).Should().Be(RouteReading.None);
    }

    [Fact]
    public async Task A_right_that_is_lacking_is_named_with_the_file_that_grants_it()
    {
        await using var api = await AnsweringAsync(403, "cannot list resource httproutes");
        var reading = await ReadAsync(api, Routes.Iris);
        (reading.Problem!.Reason, reading.MayWrite).Should().Be((Reasons.Forbidden, false));
        reading.Problem.Message.Should().ContainAll("config/gateway", "cannot list resource httproutes");
    }

    [Fact]
    public async Task A_service_without_a_Gateway_asks_for_no_routes()
    {
        await using var api = await AnsweringAsync(500, "not asked for");
        (await ReadAsync(api, Manifests.Service("{predictor: {model: {version: iris-2}}}"))).Should().Be(RouteReading.None);
        api.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task All_pages_of_the_routes_are_looked_at_for_a_claim()
    {
        var first = Routes.Live(Routes.Split(0), service: Manifests.Service("{predictor: {model: {version: a}}, rollout: {router: GatewayAPI, gatewayRef: {name: public, namespace: gateways, hostnames: [iris.example.com]}}}", "first"));
        await using var api = await LoopbackServer.StartAsync(async context =>
        {
            var isLast = context.Request.Query.ContainsKey("continue");
            var items = isLast ? JsonSerializer.Serialize(first, HttpRoute.JsonType) : "";
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"kind":"HTTPRouteList","apiVersion":"gateway.networking.k8s.io/v1","metadata":{"resourceVersion":"1"{{(isLast ? "" : ",\"continue\":\"next\"")}}},"items":[{{items}}]}""");
        });
        (await ReadAsync(api, Routes.Iris)).Problem!.Message.Should().Contain("HTTPRoute 'first'");
    }

    static Task<LoopbackServer> AnsweringAsync(int code, string message) => LoopbackServer.StartAsync(async context =>
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message}}","code":{{code}}}""");
    });

    static async Task<RouteReading> ReadAsync(LoopbackServer api, InferenceService service)
    {
        using var client = new KubeClient(new KubeConfig { Server = api.Address });
        return await new GatewayRoutes(client, everywhere: true, TimeProvider.System).ReadAsync(new ServiceView { Service = service }, default);
    }
}
