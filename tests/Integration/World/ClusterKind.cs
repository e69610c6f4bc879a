namespace Sluice.Integration.World;

/// <summary>What the suite runs against.</summary>
internal enum ClusterKind
{
    /// <summary>`sluice-local`, started by the suite.</summary>
    Local,

    /// <summary>etcd and kube-apiserver from KUBEBUILDER_ASSETS: nothing runs pods, no controller but ours.</summary>
    ApiServerAlone,

    /// <summary>The cluster of SLUICE_TEST_KUBECONFIG.</summary>
    Real,
}
