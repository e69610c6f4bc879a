namespace Sluice.Integration.World;

/// <summary>A scenario that needs running pods or the controllers of Kubernetes; not run where the suite was pointed at an API server alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PodFactAttribute : FactAttribute
{
    public PodFactAttribute()
    {
        if (TestEnvironment.Kind == ClusterKind.ApiServerAlone)
            Skip = "KUBEBUILDER_ASSETS names an API server alone, and this scenario needs a whole cluster";
    }
}
