using Sluice.Kubernetes.Client;
using Sluice.Support.Http;

namespace Sluice.Kubernetes.Tests.Client;

public sealed class KubeConfigTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kubeconfig");
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_current_context_tells_cluster_user_and_namespace()
    {
        var config = Load(Write("config", """
            apiVersion: v1
            kind: Config
            current-context: b
            clusters:
            - name: c1
              cluster: {server: "https://one:6443"}
            - name: c2
              cluster:
                server: https://two:6443/k8s
                insecure-skip-tls-verify: true
                tls-server-name: kube
                proxy-url: socks5://proxy:1080
            users:
            - name: u
              user: {token: 12345}
            contexts:
            - name: a
              context: {cluster: c1, user: u}
            - name: b
              context: {cluster: c2, user: u, namespace: models}
            """));

        config.Server.Should().Be(new Uri("https://two:6443/k8s"));
        config.Namespace.Should().Be("models");
        config.SkipTlsVerify.Should().BeTrue();
        config.TlsServerName.Should().Be("kube");
        config.Proxy.Should().Be(new Uri("socks5://proxy:1080"));
        config.Credentials.Token.Should().Be("12345", "a token is text even when it looks like a number");
        Load(Path.Combine(_folder.FullName, "config"), "a").Namespace.Should().Be("default");
    }

    [Fact]
    public void Files_of_KUBECONFIG_are_merged_and_the_first_to_name_something_wins()
    {
        var first = Write("first", """
            current-context: x
            users:
            - name: u
              user: {token: first}
            """);
        var second = Write("second", """
            current-context: y
            users:
            - name: u
              user: {token: second}
            clusters:
            - name: c
              cluster: {server: "http://127.0.0.1:1"}
            contexts:
            - name: x
              context: {cluster: c, user: u}
            """);
        _variables["KUBECONFIG"] = $"{first}:{Path.Combine(_folder.FullName, "absent")}:{second}";

        var config = Load();

        config.Server.Port.Should().Be(1);
        config.Credentials.Token.Should().Be("first");
    }

    [Fact]
    public void Certificates_are_read_inline_and_from_files_relative_to_the_config()
    {
        using var certificates = new Certificates();
        using var client = certificates.Client("me");
        Write("pki/ca.crt", certificates.AuthorityPem);
        var key = Certificates.KeyPem(client);
        var config = Load(Write("config", $$"""
            current-context: x
            clusters:
            - name: c
              cluster: {server: "https://h", certificate-authority: pki/ca.crt}
            users:
            - name: u
              user:
                client-certificate-data: {{Base64(client.ExportCertificatePem())}}
                client-key-data: {{Base64(key)}}
                tokenFile: token
            contexts:
            - name: x
              context: {cluster: c, user: u}
            """));

        config.CertificateAuthorities.Should().ContainSingle(c => c.Subject == "CN=test authority");
        config.Credentials.ClientCertificate!.Subject.Should().Be("CN=me");
        config.Credentials.ClientCertificate.HasPrivateKey.Should().BeTrue();
        config.Credentials.TokenFile.Should().Be(Path.Combine(_folder.FullName, "token"));
    }

    [Fact]
    public void A_plugin_is_looked_up_in_the_path_or_beside_the_file()
    {
        var config = Load(Write("config", """
            current-context: x
            clusters: [{name: c, cluster: {server: "https://h"}}]
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1beta1
                  command: ./bin/login
                  args: [--cluster, "7"]
                  env: [{name: A, value: b}]
                  installHint: get it from the shelf
                  provideClusterInfo: true
                  interactiveMode: IfAvailable
            contexts: [{name: x, context: {cluster: c, user: u}}]
            """));

        config.Credentials.Exec.Should().BeEquivalentTo(new ExecPlugin
        {
            ApiVersion = "client.authentication.k8s.io/v1beta1",
            Command = Path.Combine(_folder.FullName, "bin/login"),
            Arguments = ["--cluster", "7"],
            Environment = new Dictionary<string, string> { ["A"] = "b" },
            InstallHint = "get it from the shelf",
            ProvideClusterInfo = true,
        });
    }

    [Fact]
    public void In_a_pod_the_account_of_the_pod_is_used()
    {
        using var certificates = new Certificates();
        Write("account/token", "t");
        Write("account/namespace", "models\n");
        Write("account/ca.crt", certificates.AuthorityPem);
        _variables["KUBERNETES_SERVICE_HOST"] = "10.96.0.1";
        _variables["KUBERNETES_SERVICE_PORT"] = "443";

        var config = Load();

        config.Server.Should().Be(new Uri("https://10.96.0.1:443"));
        config.Namespace.Should().Be("models");
        config.Credentials.TokenFile.Should().EndWith("account/token");
        config.CertificateAuthorities.Should().HaveCount(1);
        _variables["KUBERNETES_SERVICE_HOST"] = "fd00::1";
        Load().Server.Should().Be(new Uri("https://[fd00::1]:443"));
    }

    [Fact]
    public void At_home_the_file_of_the_home_is_used_and_without_it_one_is_told_what_to_do()
    {
        FluentActions.Invoking(() => Load()).Should().Throw<KubeConfigException>()
            .WithMessage("*KUBECONFIG*.kube/config does not exist*");
        Write(".kube/config", Minimal);
        Load().Server.Host.Should().Be("h");
        _variables["KUBECONFIG"] = "/nowhere/a:/nowhere/b";
        FluentActions.Invoking(() => Load()).Should().Throw<KubeConfigException>().WithMessage("*/nowhere/a, /nowhere/b*");
    }

    [Theory]
    [InlineData("server: \"https://h\"", "server: h:6443", "*clusters[c].cluster.server is 'h:6443'; write a URL such as*")]
    [InlineData("server: \"https://h\"", "x: y", "*clusters[c].cluster.server is missing*")]
    [InlineData("cluster: {server: \"https://h\"}", "cluster: [a]", "*clusters[c].cluster must be a mapping*")]
    [InlineData("current-context: x", "current-context: z", "*no context 'z' under 'contexts'; there are: x*")]
    [InlineData("current-context: x", "a: b", "*current-context is not set*use-context*there are: x*")]
    [InlineData("cluster: c,", "cluster: d,", "*no cluster 'd' of context 'x'*there are: c*")]
    [InlineData("user: u}", "user: v}", "*no user 'v' of context 'x'*there are: u*")]
    [InlineData("token: t", "client-certificate-data: '!!'", "*users[u].user.client-certificate-data is not base64*")]
    [InlineData("token: t", "client-certificate-data: QQ==", "*users[u].user.client-key is missing although*")]
    [InlineData("token: t", "client-certificate: /nowhere/c, client-key: /nowhere/k", "*users[u].user.client-certificate names /nowhere/c, which cannot be read*")]
    [InlineData("token: t", "client-certificate-data: QQ==, client-key-data: QQ==", "*do not make a pair in PEM form*")]
    [InlineData("token: t", "auth-provider: {name: gcp}", "*users[u].user.auth-provider is not supported*exec plugin*")]
    [InlineData("token: t", "exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: a}", "*users[u].user.exec.apiVersion is 'client.authentication.k8s.io/v1alpha1'; supported are*")]
    [InlineData("token: t", "exec: {apiVersion: client.authentication.k8s.io/v1}", "*users[u].user.exec.command is missing*")]
    [InlineData("token: t", "exec: {apiVersion: client.authentication.k8s.io/v1, command: a, interactiveMode: Always}", "*interactiveMode is Always*nobody to ask*")]
    [InlineData("token: t", "token: [t]", "*users[u].user.token must be text*")]
    [InlineData("server: \"https://h\"", "server: \"https://h\", certificate-authority-data: QQ==", "*certificate-authority*no certificate in PEM form*")]
    [InlineData("server: \"https://h\"", "server: \"https://h\", insecure-skip-tls-verify: maybe", "*insecure-skip-tls-verify must be true or false, not 'maybe'*")]
    [InlineData("server: \"https://h\"", "server: \"https://h\", proxy-url: \"ftp://p\"", "*proxy-url is 'ftp://p'*socks5*")]
    [InlineData("users:", "users: {a: b}\nignored:", "*users must be a list*")]
    [InlineData("contexts:", "contexts: {", "*is not YAML: line*")]
    public void A_mistake_is_told_with_file_key_and_remedy(string there, string instead, string message)
    {
        Minimal.Should().Contain(there);
        var path = Write("config", Minimal.Replace(there, instead));

        FluentActions.Invoking(() => Load(path)).Should().Throw<KubeConfigException>()
            .WithMessage(message).And.Message.Should().Contain(path);
    }

    [Fact]
    public void A_file_that_is_asked_for_must_exist() =>
        FluentActions.Invoking(() => Load("/nowhere/config")).Should().Throw<KubeConfigException>().WithMessage("/nowhere/config: the kubeconfig cannot be read*");

    private const string Minimal = """
        current-context: x
        clusters:
        - name: c
          cluster: {server: "https://h"}
        users:
        - name: u
          user: {token: t}
        contexts:
        - name: x
          context: {cluster: c, user: u}
        """;

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private KubeConfig Load(string? path = null, string? context = null) => KubeConfigLoader.FromEnvironment(
        path, context, new KubeEnvironment(_variables.GetValueOrDefault, _folder.FullName, Path.Combine(_folder.FullName, "account")));
}
