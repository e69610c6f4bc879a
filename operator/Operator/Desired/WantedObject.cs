using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Desired;

/// <summary>One object that a service needs.</summary>
/// <param name="Target">The fields that are ours.</param>
internal abstract record WantedObject(IKubeObject Target)
{
    public ResourceKind Kind => Target.ResourceKind;

    public ObjectKey Key => Target.Metadata.Key;

    public static WantedObject<T> Of<T>(T target)
        where T : KubeObject<T>, IKubeObject<T> => new(target);

    /// <summary>Hands the object over with its type.</summary>
    public abstract Task<TResult> Accept<TResult>(IWantedVisitor<TResult> visitor, CancellationToken cancel);
}

/// <inheritdoc/>
internal sealed record WantedObject<T>(T Target) : WantedObject(Target)
    where T : KubeObject<T>, IKubeObject<T>
{
    public new T Target { get; } = Target;

    /// <summary>What to create it as, where that says more than what is kept of it later.</summary>
    public T? Initial { get; init; }

    /// <summary>What to write over what is really there, where that depends on it; by default the target.</summary>
    public Func<T, T>? Over { get; init; }

    public override Task<TResult> Accept<TResult>(IWantedVisitor<TResult> visitor, CancellationToken cancel) =>
        visitor.VisitAsync(this, cancel);
}

internal interface IWantedVisitor<TResult>
{
    Task<TResult> VisitAsync<T>(WantedObject<T> wanted, CancellationToken cancel)
        where T : KubeObject<T>, IKubeObject<T>;
}
