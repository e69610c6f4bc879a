using System.Text;

namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>What a container says at its end: its file, or with FallbackToLogsOnError the end of its log.</summary>
internal static class TerminationMessage
{
    internal const string DefaultPath = "/dev/termination-log";

    private const int LongestFile = 4096;
    private const int LongestLog = 2048;
    private const int MostLines = 80;

    internal static string? Read(string file, string logFile, string? policy, int exitCode)
    {
        var message = Tail(file, LongestFile, fromStart: true);
        if (message.Length > 0)
            return message;
        if (policy != "FallbackToLogsOnError" || exitCode == 0)
            return null;
        var lines = Tail(logFile, LongestLog * 2, fromStart: false).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .TakeLast(MostLines).Select(WithoutTimestamp);
        var text = string.Concat(lines.Select(line => line + "\n"));
        return text.Length > LongestLog ? text[^LongestLog..] : text;
    }

    private static string Tail(string path, int limit, bool fromStart)
    {
        if (!File.Exists(path))
            return "";
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (!fromStart && file.Length > limit)
            file.Seek(-limit, SeekOrigin.End);
        var buffer = new byte[limit];
        var length = file.ReadAtLeast(buffer, limit, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static string WithoutTimestamp(string line) =>
        line.IndexOf(' ') is > 0 and var space ? line[(space + 1)..] : line;
}
