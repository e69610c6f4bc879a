namespace Sluice.Integration.World;

/// <summary>A <see cref="PodFactAttribute"/> with several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PodTheoryAttribute : TheoryAttribute
{
    public PodTheoryAttribute() => Skip = new PodFactAttribute().Skip;
}
