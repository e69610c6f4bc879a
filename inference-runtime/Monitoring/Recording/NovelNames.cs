namespace Sluice.Monitoring.Recording;

/// <summary>
/// How many categories beside the expected ones may be told by name, by all recorders of one thread together: each may
/// name some, and if each of a hundred did so, what callers send would fill the memory. One thread at a time.
/// </summary>
/// <param name="limit">Names.</param>
public sealed class NovelNames(int limit = NovelNames.Default)
{
    public const int Default = 128;

    private int left = limit;

    /// <returns>False when there is no room for another.</returns>
    public bool TryTake()
    {
        if (left == 0)
            return false;
        left--;
        return true;
    }

    public void Return(int names) => left += names;
}
