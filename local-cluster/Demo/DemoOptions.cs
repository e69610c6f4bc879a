namespace Sluice.LocalCluster.Demo;

/// <summary>What the demo needs to find.</summary>
/// <param name="Root">The checkout: holds crds/ and config/samples/.</param>
/// <param name="Programs">The folder with the published programs.</param>
/// <param name="State">The cluster's folder.</param>
/// <param name="Once">End by itself after the predictions.</param>
internal sealed record DemoOptions(string Root, string Programs, string State, bool Once)
{
    /// <summary>The file that the cluster writes.</summary>
    public string Kubeconfig => Path.Combine(State, "kubeconfig");

    /// <summary>The image name under which the cluster knows the runtime.</summary>
    public const string RuntimeImage = "sluice/runtime:demo";

    public string Runtime => Path.Combine(Programs, "sluice-runtime");

    public string Operator => Path.Combine(Programs, "sluice-operator");

    public string Crds => Path.Combine(Root, "crds");

    public string Sample => Path.Combine(Root, "config", "samples", "iris.yaml");

    /// <summary>The same better version in a bucket.</summary>
    public string BucketSample => Path.Combine(Root, "config", "samples", "iris-s3.yaml");

    /// <summary>The same model, watched.</summary>
    public string DriftSample => Path.Combine(Root, "config", "samples", "iris-drift.yaml");

    /// <summary>The script of s3rver; there when npm has installed it.</summary>
    public string S3Server => Path.Combine(Root, "tests", "tools", "storage", "node_modules", "s3rver", "bin", "s3rver.js");

    public string Models => Path.Combine(Root, "config", "samples", "models");

    /// <summary>What is missing, in words that say how to get it; null when everything is there.</summary>
    public string? Missing() =>
        !OperatingSystem.IsLinux() ? "the local cluster runs pods as Linux processes; run the demo on Linux"
        : new[] { Runtime, Operator }.FirstOrDefault(program => !File.Exists(program)) is { } program
            ? $"{program} is missing; run 'make publish' first"
        : new[] { Sample, Path.Combine(Crds, "inferenceservices.yaml") }.FirstOrDefault(file => !File.Exists(file)) is { } file
            ? $"{file} is missing; run the demo in the checkout or pass --root"
        : null;
}
