namespace Sluice.Integration.World;

/// <summary>The variables that choose the server, and what is wrong with them.</summary>
internal static class TestEnvironment
{
    public static string? Kubeconfig { get; } = Variable("SLUICE_TEST_KUBECONFIG");

    public static string? Assets { get; } = Variable("KUBEBUILDER_ASSETS");

    public static ClusterKind Kind { get; } =
        Kubeconfig is not null ? ClusterKind.Real : Assets is not null ? ClusterKind.ApiServerAlone : ClusterKind.Local;

    /// <summary>The image that pods run, as the cluster knows it.</summary>
    public static string RuntimeImage => Kind == ClusterKind.Real
        ? Variable("SLUICE_RUNTIME_IMAGE") ?? throw new InvalidOperationException(
            "SLUICE_RUNTIME_IMAGE is not set: name the runtime image that the cluster of SLUICE_TEST_KUBECONFIG can pull")
        : "sluice/runtime:test";

    /// <summary>An image with a model in it, which the local cluster can mount as a volume.</summary>
    public const string ModelImage = "suite/iris";

    /// <summary>Where pods find tests/Models, as a storage URI without a slash at its end.</summary>
    public static string Models => Kind == ClusterKind.Real
        ? Variable("SLUICE_TEST_MODELS")?.TrimEnd('/') ?? throw new InvalidOperationException(
            "SLUICE_TEST_MODELS is not set: a URI under which pods find the files of tests/Models, "
            + "for instance file:///models when the runtime image holds them there")
        : "file://" + Support.Programs.Checkout.Path("tests", "Models");

    static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
