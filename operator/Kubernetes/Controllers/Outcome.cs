namespace Sluice.Kubernetes.Controllers;

/// <summary>What a pass over one key came to, when nothing went wrong.</summary>
public readonly record struct Outcome
{
    private Outcome(TimeSpan? again) => After = again;

    /// <summary>Nothing to do until something changes.</summary>
    public static Outcome Settled => default;

    /// <summary>Null when settled.</summary>
    public TimeSpan? After { get; }

    /// <summary>Look again after this time, or when something changes before.</summary>
    public static Outcome Again(TimeSpan after) => new(after);
}

/// <summary>
/// Makes the world right for one key. Told nothing but the key, because what matters is the state and not what happened;
/// never called for the same key twice at a time.
/// </summary>
public interface IReconciler<TKey>
    where TKey : notnull
{
    ValueTask<Outcome> ReconcileAsync(TKey key, CancellationToken cancel);
}

/// <summary>Trying again is of no use until something changes. Whoever throws it has told the user why.</summary>
public sealed class TerminalException(string message, Exception? inner = null) : Exception(message, inner);
