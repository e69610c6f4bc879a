using Microsoft.AspNetCore.Http;
using Sluice.Kubernetes.Client;
using Sluice.Support.Http;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Client;

public sealed class CredentialTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("credentials");
    private readonly ManualTime _time = new();
    private LoopbackServer _server = null!;

    /// <summary>Whom the server lets in; null lets everyone in.</summary>
    private string? _accepted;

    public async Task InitializeAsync() => _server = await LoopbackServer.StartAsync(async context =>
    {
        if (_accepted is not null && context.Request.Headers.Authorization != _accepted)
            context.Response.StatusCode = 401;
        else
            await context.Response.WriteAsync("""{"gitVersion":"v1"}""");
    });

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private KubeClient Client(Credentials credentials, KubeConfig? config = null) =>
        new((config ?? new KubeConfig { Server = _server.Address }) with { Credentials = credentials }, new KubeClientOptions { Time = _time });

    private string?[] Authorizations => [.. _server.Requests.Select(r => r.Headers.GetValueOrDefault("Authorization"))];

    [Fact]
    public async Task Tokens_and_passwords_are_sent_as_they_are()
    {
        await Client(new Credentials { Token = "t" }).ServerVersionAsync();
        await Client(new Credentials { Username = "u", Password = "p:q" }).ServerVersionAsync();
        await Client(Credentials.None).ServerVersionAsync();

        Authorizations.Should().Equal("Bearer t", "Basic dTpwOnE=", null);
    }

    [Fact]
    public async Task A_wrong_token_is_not_tried_twice()
    {
        _accepted = "Bearer right";

        (await FluentActions.Awaiting(() => Client(new Credentials { Token = "wrong" }).ServerVersionAsync()).Should().ThrowAsync<KubeApiException>())
            .Which.IsUnauthorized.Should().BeTrue();
        _server.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_token_file_is_read_again_after_a_minute()
    {
        var file = Write("token", "one\n");
        var client = Client(new Credentials { TokenFile = file });

        await client.ServerVersionAsync();
        Write("token", "two\n");
        _time.Advance(TimeSpan.FromSeconds(59));
        await client.ServerVersionAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await client.ServerVersionAsync();
        File.Delete(file);
        _time.Advance(TimeSpan.FromMinutes(2));
        await client.ServerVersionAsync();

        Authorizations.Should().Equal("Bearer one", "Bearer one", "Bearer two", "Bearer two");
    }

    [Fact]
    public async Task A_rejected_token_file_is_read_at_once()
    {
        _accepted = "Bearer two";
        var client = Client(new Credentials { TokenFile = Write("token", "one") });
        _accepted = "Bearer one";
        await client.ServerVersionAsync();
        Write("token", "two");
        _accepted = "Bearer two";

        await client.ServerVersionAsync();

        Authorizations.Should().Equal("Bearer one", "Bearer one", "Bearer two");
    }

    [Fact]
    public async Task A_token_file_that_is_missing_or_empty_is_named()
    {
        await FluentActions.Awaiting(() => Client(new Credentials { TokenFile = "/nowhere/token" }).ServerVersionAsync())
            .Should().ThrowAsync<KubeConfigException>().WithMessage("/nowhere/token: the token file cannot be read*");
        await FluentActions.Awaiting(() => Client(new Credentials { TokenFile = Write("empty", " ") }).ServerVersionAsync())
            .Should().ThrowAsync<KubeConfigException>().WithMessage("*empty: the token file is empty*");
    }

    [Theory]
    [InlineData("client.authentication.k8s.io/v1")]
    [InlineData("client.authentication.k8s.io/v1beta1")]
    public async Task A_plugin_is_run_once_until_its_token_expires(string version)
    {
        var expires = _time.GetUtcNow().AddMinutes(10).ToString("yyyy-MM-ddTHH:mm:ssZ");
        var plugin = Plugin(version, $$$"""
            n=$(cat $0.count 2>/dev/null || echo 0); n=$((n+1)); echo $n > $0.count
            printf '{"apiVersion":"{{{version}}}","kind":"ExecCredential","status":{"token":"%s-%s-%s","expirationTimestamp":"{{{expires}}}"}}' "$1" "$GREETING" "$n"
            """);
        var client = Client(new Credentials { Exec = plugin });

        await Task.WhenAll(client.ServerVersionAsync(), client.ServerVersionAsync());
        _time.Advance(TimeSpan.FromMinutes(9));
        await client.ServerVersionAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        await client.ServerVersionAsync();

        Authorizations.Should().Equal("Bearer arg-hello-1", "Bearer arg-hello-1", "Bearer arg-hello-1", "Bearer arg-hello-2");
    }

    [Fact]
    public async Task A_rejected_plugin_is_run_again_once()
    {
        var client = Client(new Credentials { Exec = Plugin("client.authentication.k8s.io/v1", """
            n=$(cat $0.count 2>/dev/null || echo 0); n=$((n+1)); echo $n > $0.count
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$n"
            """) });
        _accepted = "Bearer 2";

        await client.ServerVersionAsync();
        _accepted = "Bearer 9";
        await FluentActions.Awaiting(() => client.ServerVersionAsync()).Should().ThrowAsync<KubeApiException>();

        Authorizations.Should().Equal("Bearer 1", "Bearer 2", "Bearer 2", "Bearer 3");
    }

    [Fact]
    public async Task A_plugin_is_told_about_the_cluster_when_it_wants_to_be()
    {
        var plugin = Plugin("client.authentication.k8s.io/v1", """
            printf '%s' "$KUBERNETES_EXEC_INFO" > $0.info
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'
            """) with { ProvideClusterInfo = true };

        await Client(new Credentials { Exec = plugin }).ServerVersionAsync();

        File.ReadAllText(plugin.Arguments[0] + ".info").Should().Be(
            $$$"""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"cluster":{"server":"{{{_server.Address.OriginalString}}}"},"interactive":false}}""");
    }

    [Theory]
    [InlineData("echo no luck >&2; exit 3", "*plugin '*' ended with code 3: no luck.*\nget it from the shelf")]
    [InlineData("echo hello", "*did not print an ExecCredential:*")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}'", "*did not print an ExecCredential with a status*")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"x/v2\",\"status\":{\"token\":\"t\"}}'", "*printed x/v2 where client.authentication.k8s.io/v1 was asked for*")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'", "*neither a token nor a client certificate*")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientCertificateData\":\"x\"}}'", "*not PEM*")]
    public async Task A_plugin_that_fails_is_quoted_with_its_hint(string script, string message) =>
        await FluentActions.Awaiting(() => Client(new Credentials { Exec = Plugin("client.authentication.k8s.io/v1", script) }).ServerVersionAsync())
            .Should().ThrowAsync<KubeConfigException>().WithMessage(message);

    [Fact]
    public async Task A_plugin_that_is_not_there_is_named() =>
        await FluentActions.Awaiting(() => Client(new Credentials { Exec = new ExecPlugin { ApiVersion = "client.authentication.k8s.io/v1", Command = "/nowhere/login", InstallHint = "buy one" } }).ServerVersionAsync())
            .Should().ThrowAsync<KubeConfigException>().WithMessage("The credential plugin '/nowhere/login' cannot be started:*\nbuy one");

    private ExecPlugin Plugin(string version, string script)
    {
        return new ExecPlugin
        {
            ApiVersion = version,
            // Not run directly: a file that was just written may still be open in a process being forked elsewhere.
            Command = "sh",
            Arguments = [Write("plugin-" + Guid.NewGuid().ToString("N"), script), "arg"],
            Environment = new Dictionary<string, string> { ["GREETING"] = "hello" },
            InstallHint = "get it from the shelf",
        };
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
