namespace Sluice.LocalCluster.Hosting;

/// <summary>How a local cluster is set up.</summary>
/// <param name="Port">The port of the API on loopback; 0 for any that is free.</param>
/// <param name="State">The cluster's folder: logs, volumes, credentials.</param>
/// <param name="Kubeconfig">Where the kubeconfig is written.</param>
/// <param name="Http">Plain HTTP with a token instead of HTTPS with a client certificate.</param>
/// <param name="Images">Programs that stand for images: name to path.</param>
internal sealed record ClusterOptions(int Port, string State, string Kubeconfig, bool Http, IReadOnlyDictionary<string, string> Images);
