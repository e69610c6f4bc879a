using System.Security.Cryptography;

namespace Sluice.Kubernetes.Queue;

/// <summary>A random source that threads may share. Tests pass a seeded <see cref="Random"/>.</summary>
public sealed class Jitter(Random random)
{
    private readonly Lock _gate = new();

    public static Jitter FromEntropy() => new(new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));

    /// <summary>At least 0 and less than 1.</summary>
    public double NextDouble()
    {
        lock (_gate)
            return random.NextDouble();
    }

    /// <summary>Evenly distributed between the two.</summary>
    public TimeSpan Between(TimeSpan low, TimeSpan high) => low + (high - low) * NextDouble();
}
