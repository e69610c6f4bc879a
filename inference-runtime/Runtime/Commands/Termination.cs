using Sluice.Contract;

namespace Sluice.Runtime.Commands;

/// <summary>Says why the program ends, where a kubelet and a person look.</summary>
internal static class Termination
{
    public const string DefaultLog = "/dev/termination-log";

    /// <summary>Runs a command; a failure becomes one JSON line on stderr and in the termination log, and exit code 1.</summary>
    public static async Task<int> GuardAsync(string? log, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (FailureException e)
        {
            Report(log, new TerminationMessage(e.Reason, e.Message));
        }
        catch (Exception e)
        {
            Report(log, new TerminationMessage(TerminationReasons.InternalError, e.ToString()));
        }
        return 1;
    }

    private static void Report(string? log, TerminationMessage message)
    {
        var line = message.ToLine();
        Console.Error.WriteLine(line);
        Write(log, line);
    }

    /// <summary>Writes one line to the termination log, if there is one.</summary>
    public static void Write(string? log, string line)
    {
        try
        {
            // Never created: outside a container there is no such file, and inside the kubelet makes it.
            using var stream = new FileStream(log ?? DefaultLog, log is null ? FileMode.Open : FileMode.Create, FileAccess.Write);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}
