namespace Sluice.Runtime.Json;

/// <summary>The shape that nested lists turn out to have while they are read; reused.</summary>
internal sealed class NestedShape
{
    /// <summary>More levels than any tensor has; the JSON reader stops at 64.</summary>
    public const int MaxRank = 64;

    private readonly long[] sizes = new long[MaxRank];
    private readonly long[] counts = new long[MaxRank];
    private int leaf = -1;

    public int Rank { get; private set; }

    public ReadOnlySpan<long> Sizes => sizes.AsSpan(0, Rank);

    /// <summary>The lists read so far agree in their lengths and levels.</summary>
    public bool Regular { get; private set; } = true;

    public void Start()
    {
        (leaf, Rank) = (-1, 0);
        Regular = true;
    }

    public void Open(int depth)
    {
        counts[depth] = 0;
        if (depth >= Rank)
        {
            Rank = depth + 1;
            sizes[depth] = -1;
            if (leaf >= 0)
                Regular = false;
        }
    }

    /// <summary>The list at <paramref name="depth"/> ends.</summary>
    public void Close(int depth)
    {
        if (sizes[depth] < 0)
            sizes[depth] = counts[depth];
        else if (sizes[depth] != counts[depth])
            Regular = false;
        if (depth > 0)
            counts[depth - 1]++;
    }

    /// <summary>An element inside <paramref name="depth"/> lists.</summary>
    public void Element(int depth)
    {
        if (depth > 0)
            counts[depth - 1]++;
        if (leaf == depth)
            return;
        if (leaf >= 0 || depth < Rank)
            Regular = false;
        leaf = depth;
    }
}
