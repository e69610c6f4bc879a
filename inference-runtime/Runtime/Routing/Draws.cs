using Sluice.Contract;

namespace Sluice.Runtime.Routing;

/// <summary>
/// Draws buckets, for any number of threads, without a lock. A Weyl sequence: from a random start it goes round in
/// steps of an irrational part of the circle. Every share, of all draws and of each nth of them, is then off by a few
/// requests at most, where independent draws would be off by the square root of their number.
/// </summary>
/// <param name="start">Random; pods and restarts differ by it.</param>
/// <param name="step">An irrational part of 2^64.</param>
internal sealed class Draws(ulong start, ulong step)
{
    /// <summary>The golden ratio's part.</summary>
    public const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Of the root of two: in no rhythm with the other.</summary>
    public const ulong RootOfTwo = 0x6A09_E667_F3BC_C909;

    private ulong position = start;

    /// <returns>0 to <see cref="SplitBuckets.Count"/> - 1.</returns>
    public int Next() =>
        (int)((Interlocked.Add(ref position, step) >> 32) * SplitBuckets.Count >> 32);
}
