using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Chart;

/// <summary>
/// A cluster in which the chart's operator runs in pods. The local cluster hands out no service account tokens, so the
/// operator reads a kubeconfig from a Secret.
/// </summary>
internal static class OperatorCluster
{
    /// <summary>What a person would write into values.yaml for that.</summary>
    public const string Values = """
        extraArgs: [--kubeconfig=/etc/cluster/kubeconfig]
        extraVolumes: [{name: kubeconfig, secret: {secretName: kubeconfig}}]
        extraVolumeMounts: [{name: kubeconfig, mountPath: /etc/cluster}]
        """;

    /// <summary>With the images that the chart names by default, and the Secret in the chart's namespace.</summary>
    public static async Task<HelmCluster> StartAsync()
    {
        const string runtimeImage = "--runtime-image=";
        var made = Rendered.Objects(await Rendered.TemplateAsync())["Deployment sluice-system/sluice-operator"]["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var runtime = made["args"]!.AsArray().Select(static a => (string)a!).Single(static a => a.StartsWith(runtimeImage, StringComparison.Ordinal))[runtimeImage.Length..];
        var cluster = await HelmCluster.StartAsync($"{made["image"]}={Checkout.Published("sluice-operator")}", $"{runtime}={Checkout.Published("sluice-runtime")}");
        await cluster.KubectlAsync("create", "namespace", "sluice-system");
        await cluster.KubectlAsync("create", "secret", "generic", "kubeconfig", "-n", "sluice-system", "--from-file", cluster.Kubeconfig);
        return cluster;
    }
}
