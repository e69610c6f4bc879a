using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Sluice.Kubernetes.Client;
using Sluice.Support.Http;

namespace Sluice.Kubernetes.Tests.Client;

public sealed class TlsTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    private X509Certificate2Collection Authority
    {
        get
        {
            var authority = new X509Certificate2Collection();
            authority.ImportFromPem(_certificates.AuthorityPem);
            return authority;
        }
    }

    private Task<LoopbackServer> ServeAsync(string name) => LoopbackServer.StartAsync(
        context => context.Response.WriteAsync($$"""{"gitVersion":"{{context.Connection.ClientCertificate?.Subject ?? "nobody"}}"}"""),
        _certificates.Server(name), askForClientCertificate: true);

    private static async Task<string> AskAsync(KubeConfig config)
    {
        using var client = new KubeClient(config);
        return (await client.ServerVersionAsync()).GitVersion;
    }

    [Fact]
    public async Task A_server_that_the_given_authority_vouches_for_is_trusted()
    {
        await using var server = await ServeAsync("127.0.0.1");

        (await AskAsync(new KubeConfig { Server = server.Address, CertificateAuthorities = Authority })).Should().Be("nobody");
        await FluentActions.Awaiting(() => AskAsync(new KubeConfig { Server = server.Address })).Should().ThrowAsync<HttpRequestException>();
    }

    [Fact]
    public async Task A_server_with_another_name_is_not()
    {
        await using var server = await ServeAsync("kubernetes");
        var config = new KubeConfig { Server = server.Address, CertificateAuthorities = Authority };

        await FluentActions.Awaiting(() => AskAsync(config)).Should().ThrowAsync<HttpRequestException>();
        (await AskAsync(config with { TlsServerName = "kubernetes" })).Should().Be("nobody");
        (await AskAsync(config with { CertificateAuthorities = null, SkipTlsVerify = true })).Should().Be("nobody");
    }

    [Fact]
    public async Task The_clients_certificate_says_who_it_is()
    {
        await using var server = await ServeAsync("127.0.0.1");
        using var me = _certificates.Client("me");

        (await AskAsync(new KubeConfig
        {
            Server = server.Address,
            CertificateAuthorities = Authority,
            Credentials = new Credentials { ClientCertificate = me },
        })).Should().Be("CN=me");
    }

    [Fact]
    public async Task A_plugin_may_give_a_certificate()
    {
        await using var server = await ServeAsync("127.0.0.1");
        using var me = _certificates.Client("plugged");
        var json = new System.Text.Json.Nodes.JsonObject
        {
            ["apiVersion"] = "client.authentication.k8s.io/v1",
            ["kind"] = "ExecCredential",
            ["status"] = new System.Text.Json.Nodes.JsonObject
            {
                ["clientCertificateData"] = me.ExportCertificatePem(),
                ["clientKeyData"] = Certificates.KeyPem(me),
            },
        };

        (await AskAsync(new KubeConfig
        {
            Server = server.Address,
            CertificateAuthorities = Authority,
            Credentials = new Credentials
            {
                Exec = new ExecPlugin { ApiVersion = "client.authentication.k8s.io/v1", Command = "printf", Arguments = ["%s", json.ToJsonString()] },
            },
        })).Should().Be("CN=plugged");
    }
}
