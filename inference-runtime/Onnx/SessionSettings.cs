namespace Sluice.Onnx;

/// <summary>How a session is made.</summary>
public sealed record SessionSettings
{
    /// <summary>
    /// Threads that one call spreads over; 1 makes no pool. ONNX Runtime's own default is the host's core count, which
    /// ignores a container's CPU limit, so it is always set.
    /// </summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>Whether ONNX Runtime may keep freed memory in an arena.</summary>
    public bool Arena { get; init; } = true;

    /// <summary>Further entries by ONNX Runtime's names, such as <c>session.set_denormal_as_zero</c>.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; init; } = new Dictionary<string, string>();
}
