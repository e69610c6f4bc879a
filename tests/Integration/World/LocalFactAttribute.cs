namespace Sluice.Integration.World;

/// <summary>A scenario in which pods call the suite back, which they can where they are processes of this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LocalFactAttribute : FactAttribute
{
    public LocalFactAttribute()
    {
        if (TestEnvironment.Kind != ClusterKind.Local)
            Skip = "pods of this cluster do not reach the suite";
    }
}
