using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Tests.Fakes;

namespace Sluice.Kubernetes.Tests.Client;

public sealed class KubeClientTests : IAsyncLifetime
{
    private FakeApi _api = null!;
    private KubeClient _client = null!;

    public async Task InitializeAsync()
    {
        _api = await FakeApi.StartAsync();
        _client = _api.Client();
    }

    public Task DisposeAsync() => _api.DisposeAsync().AsTask();

    private static ConfigMap Map(string? name = "a") => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "ns" },
        Data = new Dictionary<string, string> { ["k"] = "v" },
    };

    [Fact]
    public async Task Get_reads_one_object_and_find_takes_absence_for_an_answer()
    {
        _api.Others.Enqueue(Answer.Json(Answer.Map("a", "7")));
        _api.Others.Enqueue(Answer.Status(404, "NotFound"));
        _api.Others.Enqueue(Answer.Status(403, "Forbidden"));

        (await _client.GetAsync<ConfigMap>(new("ns", "a"))).Metadata.ResourceVersion.Should().Be("7");
        (await _client.FindAsync<ConfigMap>(new("ns", "a"))).Should().BeNull();
        (await FluentActions.Awaiting(() => _client.FindAsync<ConfigMap>(new("ns", "a"))).Should().ThrowAsync<KubeApiException>())
            .Which.IsForbidden.Should().BeTrue();
        _api.Requests[0].Path.Should().Be("/api/v1/namespaces/ns/configmaps/a");
    }

    [Fact]
    public async Task A_list_passes_its_query_and_tells_the_broken_items_apart()
    {
        _api.Lists.Enqueue(Answer.Page("9", "next", Answer.Map("a", "1"), Answer.Poison("b", "2"), """{"metadata":{}}"""));

        var list = await _client.ListAsync<ConfigMap>("ns", new ListOptions { LabelSelector = "a=b,c in (d)", Limit = 3, Continue = "x+y" });

        list.Items.Select(i => i.Metadata.Name).Should().Equal("a");
        list.Broken.Select(b => (b.Key, b.Uid)).Should().Equal((new ObjectKey("ns", "b"), "uid-b"), (new ObjectKey("", ""), null));
        list.Broken[0].Error.Should().StartWith("ConfigMap ns/b cannot be read: ").And.Contain("data");
        (list.ResourceVersion, list.Continue).Should().Be(("9", "next"));
        var request = _api.Requests.Single();
        request.Query("labelSelector").Should().Be("a=b,c in (d)");
        request.Query("limit").Should().Be("3");
        request.Query("continue").Should().Be("x+y");
        request.Query("resourceVersion").Should().BeNull();
    }

    [Fact]
    public async Task A_list_of_a_nil_slice_is_empty()
    {
        _api.Others.Enqueue(Answer.Json("""{"kind":"ConfigMapList","metadata":{"resourceVersion":"1"},"items":null}"""));

        (await _client.ListAsync<ConfigMap>()).Items.Should().BeEmpty();
    }

    [Fact]
    public async Task Apply_sends_what_is_said_as_an_apply_patch()
    {
        _api.Others.Enqueue(Answer.Json(Answer.Map("a", "8")));
        _api.Others.Enqueue(Answer.Json(Answer.Map("a", "9")));

        await _client.ApplyAsync(Map(), "sluice");
        await _client.ApplyAsync(Map(), new ApplyOptions("sluice-status") { Subresource = "status", DryRun = true, Force = false });

        var (first, second) = (_api.Requests[0], _api.Requests[1]);
        first.Method.Should().Be("PATCH");
        first.Headers["Content-Type"].Should().Be("application/apply-patch+yaml");
        first.QueryString.Should().Be("?fieldManager=sluice&force=true");
        first.Text.Should().Be("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"ns"},"data":{"k":"v"}}""");
        second.Path.Should().EndWith("/configmaps/a/status");
        second.QueryString.Should().Be("?fieldManager=sluice-status&dryRun=All");
    }

    [Fact]
    public async Task Any_manifest_is_applied_where_the_server_says_its_kind_is()
    {
        _api.Others.Enqueue(Answer.Status(404, "NotFound"));
        const string resources = """{"kind":"APIResourceList","groupVersion":"x.dev/v1","resources":[{"name":"things/status","kind":"Thing","namespaced":true},{"name":"things","kind":"Thing","namespaced":true},{"name":"worlds","kind":"World","namespaced":false}]}""";
        var thing = JsonNode.Parse("""{"apiVersion":"x.dev/v1","kind":"Thing","metadata":{"name":"t"}}""")!.AsObject();
        var world = JsonNode.Parse("""{"apiVersion":"x.dev/v1","kind":"World","metadata":{"name":"w"}}""")!.AsObject();

        (await FluentActions.Awaiting(() => _client.ApplyAsync(thing, "me")).Should().ThrowAsync<KubeApiException>())
            .WithMessage("*no kind Thing in x.dev/v1*apply its CRD first*").Which.IsNotFound.Should().BeTrue();
        // The CRD has come: the server is asked again, and then no more.
        _api.Lists.Enqueue(Answer.Json(resources));
        _api.Others.Enqueue(Answer.Json(resources));
        _api.Others.Enqueue(Answer.Json("""{"applied":1}"""));
        _api.Others.Enqueue(Answer.Json("""{"applied":2}"""));
        (await _client.ApplyAsync(thing, "me")).GetProperty("applied").GetInt32().Should().Be(1);
        await _client.ApplyAsync(world, "me");

        _api.Requests.Select(r => r.Path).Should().Equal(
            "/apis/x.dev/v1", "/apis/x.dev/v1", "/apis/x.dev/v1/namespaces/default/things/t", "/apis/x.dev/v1/worlds/w");
    }

    [Theory]
    [InlineData("""{"kind":"A","metadata":{"name":"a"}}""", "A manifest needs apiVersion.")]
    [InlineData("""{"apiVersion":"v1","metadata":{"name":"a"}}""", "A manifest needs kind.")]
    [InlineData("""{"apiVersion":"v1","kind":"A"}""", "A manifest needs an object called metadata.")]
    [InlineData("""{"apiVersion":"v1","kind":"A","metadata":{}}""", "A manifest needs metadata.name.")]
    [InlineData("""{"apiVersion":"v1","kind":"A","metadata":{"name":7}}""", "metadata.name of a manifest must be text.")]
    public async Task A_manifest_that_cannot_be_sent_says_what_it_lacks(string json, string message) =>
        await FluentActions.Awaiting(() => _client.ApplyAsync(JsonNode.Parse(json)!.AsObject(), "me"))
            .Should().ThrowAsync<FormatException>().WithMessage(message);

    [Fact]
    public async Task Update_and_merge_patch_go_to_the_object_or_its_subresource()
    {
        _api.Others.Enqueue(Answer.Json(Answer.Map("a", "8")));
        _api.Others.Enqueue(Answer.Json(Answer.Map("a", "9")));
        _api.Others.Enqueue(Answer.Json("""{"x":1}"""));
        var patch = JsonSerializer.SerializeToElement(new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, Kubernetes.Json.KubeJson.Default.JsonObject);

        await _client.UpdateAsync(Map());
        await _client.MergePatchAsync<ConfigMap>(new("ns", "a"), patch);
        await _client.MergePatchAsync(Deployment.Kind, new("ns", "d"), patch, "scale");

        _api.Requests.Select(r => (r.Method, r.Path, r.Headers["Content-Type"])).Should().Equal(
            ("PUT", "/api/v1/namespaces/ns/configmaps/a", "application/json"),
            ("PATCH", "/api/v1/namespaces/ns/configmaps/a", "application/merge-patch+json"),
            ("PATCH", "/apis/apps/v1/namespaces/ns/deployments/d/scale", "application/merge-patch+json"));
        _api.Requests[1].Text.Should().Be("""{"metadata":{"finalizers":null}}""", "null in a merge patch means remove");
    }

    [Fact]
    public async Task Delete_carries_its_preconditions()
    {
        _api.Others.Enqueue(Answer.Json("{}"));
        _api.Others.Enqueue(Answer.Json("{}"));

        await _client.DeleteAsync<ConfigMap>(new("ns", "a"));
        await _client.DeleteAsync<ConfigMap>(new("ns", "a"), new DeleteOptions { Uid = "u", ResourceVersion = "4", PropagationPolicy = "Foreground", GracePeriodSeconds = 0 });

        _api.Requests[0].Text.Should().Be("""{"apiVersion":"v1","kind":"DeleteOptions"}""");
        _api.Requests[1].Text.Should().Be(
            """{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u","resourceVersion":"4"},"propagationPolicy":"Foreground","gracePeriodSeconds":0}""");
    }

    [Fact]
    public async Task A_refusal_carries_everything_the_server_said()
    {
        const string details = """{"causes":[{"reason":"FieldValueInvalid","message":"must be positive","field":"spec.replicas"}],"retryAfterSeconds":3}""";
        _api.Others.Enqueue(Answer.Status(422, "Invalid", "spec.replicas: Invalid value", details: details));

        var error = (await FluentActions.Awaiting(() => _client.CreateAsync(Map())).Should().ThrowAsync<KubeApiException>()).Which;

        error.Message.Should().Be("POST /api/v1/namespaces/ns/configmaps: 422 Invalid: spec.replicas: Invalid value");
        error.Causes.Should().Equal(new StatusCause { Reason = "FieldValueInvalid", Message = "must be positive", Field = "spec.replicas" });
        error.RetryAfter.Should().Be(TimeSpan.FromSeconds(3));
        error.IsInvalid.Should().BeTrue();
    }

    [Theory]
    [InlineData(409, "Conflict", true, false)]
    [InlineData(409, "AlreadyExists", false, true)]
    public async Task Conflict_and_existence_have_one_code_and_are_told_apart(int code, string reason, bool conflict, bool exists)
    {
        _api.Others.Enqueue(Answer.Status(code, reason));

        var error = (await FluentActions.Awaiting(() => _client.CreateAsync(Map())).Should().ThrowAsync<KubeApiException>()).Which;

        (error.IsConflict, error.IsAlreadyExists).Should().Be((conflict, exists));
    }

    [Fact]
    public async Task An_answer_of_a_proxy_is_quoted()
    {
        _api.Others.Enqueue(Answer.Json("  upstream connect error  ", 502));

        (await FluentActions.Awaiting(() => _client.GetAsync<ConfigMap>(new("ns", "a"))).Should().ThrowAsync<KubeApiException>())
            .WithMessage("GET /api/v1/namespaces/ns/configmaps/a: 502 BadGateway: upstream connect error");
    }

    [Fact]
    public async Task An_answer_that_is_no_object_names_the_request()
    {
        _api.Others.Enqueue(Answer.Json("<html>"));
        _api.Others.Enqueue(Answer.Json(Answer.Poison("a", "1")));

        for (var i = 0; i < 2; i++)
        {
            await FluentActions.Awaiting(() => _client.GetAsync<ConfigMap>(new("ns", "a"))).Should().ThrowAsync<InvalidDataException>()
                .WithMessage("GET /api/v1/namespaces/ns/configmaps/a: the server's answer cannot be read: *");
        }
    }

    [Fact]
    public async Task Silence_before_or_in_the_middle_of_an_answer_is_a_timeout()
    {
        var impatient = _api.Client(timeout: TimeSpan.FromMilliseconds(200));
        _api.Others.Enqueue(Answer.Hang);
        _api.Others.Enqueue(Answer.Watch(Answer.Text("{\"kind\":"), Answer.Hang));

        for (var i = 0; i < 2; i++)
        {
            await FluentActions.Awaiting(() => impatient.GetAsync<ConfigMap>(new("ns", "a"))).Should().ThrowAsync<TimeoutException>()
                .WithMessage("GET /api/v1/namespaces/ns/configmaps/a: no answer within 00:00:00.2000000.");
        }
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        using var client = new KubeClient(new KubeConfig { Server = new Uri("http://127.0.0.1:1") });

        await FluentActions.Awaiting(() => client.ServerVersionAsync()).Should().ThrowAsync<HttpRequestException>().WithMessage("*127.0.0.1:1*");
    }

    [Fact]
    public async Task Raw_requests_come_back_whatever_the_code()
    {
        _api.Others.Enqueue(Answer.Json("teapot", 418));

        using var response = await _client.RawAsync(HttpMethod.Post, "/api/v1/namespaces/ns/services/s:80/proxy/v1?x=%2F", new StringContent("body"));

        response.StatusCode.Should().Be((HttpStatusCode)418);
        (await response.Content.ReadAsStringAsync()).Should().Be("teapot");
        (_api.Requests.Single().Path, _api.Requests.Single().QueryString, _api.Requests.Single().Text)
            .Should().Be(("/api/v1/namespaces/ns/services/s:80/proxy/v1", "?x=%2F", "body"));
    }

    [Fact]
    public async Task The_path_of_the_servers_address_is_kept()
    {
        using var client = new KubeClient(new KubeConfig { Server = new Uri(_api.Address, "/k8s/clusters/c-1/") });
        _api.Others.Enqueue(Answer.Json("""{"gitVersion":"v1.36.1","major":"1"}"""));

        (await client.ServerVersionAsync()).GitVersion.Should().Be("v1.36.1");

        _api.Requests.Single().Path.Should().Be("/k8s/clusters/c-1/version");
        _api.Requests.Single().Headers["User-Agent"].Should().Be("sluice");
    }
}
