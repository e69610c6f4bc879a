using System.Globalization;

namespace Sluice.LocalCluster.Kubelet.Usage;

/// <summary>What the processes of one session use together.</summary>
/// <param name="CpuSeconds">User and system time since their start, with that of children that have ended.</param>
/// <param name="MemoryBytes">Resident memory that is theirs alone: anonymous and shared memory, no mapped files. This
/// is what the kernel cannot take back and so what a memory limit is about.</param>
internal readonly record struct SessionUsage(double CpuSeconds, long MemoryBytes)
{
    public static SessionUsage operator +(SessionUsage a, SessionUsage b) =>
        new(a.CpuSeconds + b.CpuSeconds, a.MemoryBytes + b.MemoryBytes);
}

/// <summary>Reads /proc.</summary>
internal static class ProcessTable
{
    // USER_HZ is 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Usage by session for the sessions asked for; one without processes has no entry.</summary>
    internal static Dictionary<int, SessionUsage> Read(IReadOnlySet<int> sessions)
    {
        var result = new Dictionary<int, SessionUsage>();
        if (sessions.Count == 0)
            return result;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(folder)[0]) || Stat(folder) is not { } stat || !sessions.Contains(stat.Session))
                continue;
            result[stat.Session] = result.GetValueOrDefault(stat.Session) + new SessionUsage(stat.CpuSeconds, Memory(folder));
        }
        return result;
    }

    private static (int Session, double CpuSeconds)? Stat(string folder)
    {
        if (Text(folder + "/stat") is not { Length: > 0 } text)
            return null;
        // The second field is the name in parentheses and may hold anything; the third begins after the last one.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        const int session = 3, userTime = 11, childSystemTime = 14;
        var ticks = 0L;
        for (var i = userTime; i <= childSystemTime; i++)
            ticks += long.Parse(fields[i], CultureInfo.InvariantCulture);
        return (int.Parse(fields[session], CultureInfo.InvariantCulture), ticks / TicksPerSecond);
    }

    private static long Memory(string folder)
    {
        var total = 0L;
        foreach (var line in Text(folder + "/status").Split('\n'))
        {
            if (line.StartsWith("RssAnon:", StringComparison.Ordinal) || line.StartsWith("RssShmem:", StringComparison.Ordinal))
                total += long.Parse(line[(line.IndexOf(':') + 1)..].Replace("kB", ""), CultureInfo.InvariantCulture) * 1024;
        }
        return total;
    }

    // A process may end between the listing and the look.
    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
