using System.Buffers.Text;

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
            if (!char.IsAsciiDigit(folder[^1]) || Stat(folder) is not { } stat || !sessions.Contains(stat.Session))
                continue;
            result[stat.Session] = result.GetValueOrDefault(stat.Session) + new SessionUsage(stat.CpuSeconds, Memory(folder));
        }
        return result;
    }

    private static (int Session, double CpuSeconds)? Stat(string folder)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var text = buffer[..Read(folder + "/stat", buffer)];
        // The second field is the name in parentheses and may hold anything; the third begins after the last one.
        var name = text.LastIndexOf((byte)')');
        if (name < 0)
            return null;
        const int session = 3, userTime = 11, childSystemTime = 14;
        var (id, ticks, index) = (0, 0L, 0);
        foreach (var range in text[(name + 2)..].Split((byte)' '))
        {
            var field = text[(name + 2)..][range];
            if (index == session)
                id = (int)Number(field);
            else if (index is >= userTime and <= childSystemTime)
                ticks += Number(field);
            if (index++ == childSystemTime)
                break;
        }
        return (id, ticks / TicksPerSecond);
    }

    private static long Memory(string folder)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var text = buffer[..Read(folder + "/status", buffer)];
        return (Kilobytes(text, "RssAnon:"u8) + Kilobytes(text, "RssShmem:"u8)) * 1024;
    }

    private static long Kilobytes(ReadOnlySpan<byte> status, ReadOnlySpan<byte> name)
    {
        var at = status.IndexOf(name);
        return at < 0 ? 0 : Number(status[(at + name.Length)..].TrimStart(" \t"u8));
    }

    private static long Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out long value, out _) ? value : 0;

    // This runs each second over all processes of the machine, so it reads without making garbage. A process may end
    // between the listing and the look.
    private static int Read(string path, Span<byte> buffer)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return RandomAccess.Read(file, buffer, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
