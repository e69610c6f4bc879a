using System.Runtime.CompilerServices;

namespace Sluice.Runtime.Hosting;

/// <summary>
/// The threads that wait for the sockets, one for each CPU. By default .NET hands what they find to the thread pool, and
/// handing over costs more than a small model. Here they read the request, run the model and send the answer themselves;
/// what would keep them, and with them other connections, for long leaves them first.
/// </summary>
internal static class EventThread
{
    /// <summary>.NET looks at it when the process opens its first socket; 0 is the default of .NET.</summary>
    public const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>More bytes than this are not read, run or written here.</summary>
    public const int SmallBytes = 64 * 1024;

    /// <summary>Lets them do the work, unless the variable says otherwise already. Before the first socket.</summary>
    /// <returns>Whether they will.</returns>
    public static bool Take()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
            Environment.SetEnvironmentVariable(Variable, "1");
        return Environment.GetEnvironmentVariable(Variable) == "1";
    }

    /// <summary>Only a thread that nobody else depends on may be kept for long.</summary>
    public static bool IsCurrent => !Thread.CurrentThread.IsThreadPoolThread;

    /// <summary>Goes on in the thread pool; at once when this is one of its threads.</summary>
    public static Leaving Leave() => default;

    /// <summary>
    /// Goes on in the thread pool in any case: what reads a connection may itself have come there, and as long as a request
    /// runs on its stack, nobody sees that the caller is gone.
    /// </summary>
    public static Leaving LeaveReading() => new(always: true);

    public readonly struct Leaving(bool always) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => !always && !IsCurrent;

        public Leaving GetAwaiter() => this;

        public void GetResult()
        {
            // Nothing comes back but the turn.
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) =>
            ThreadPool.UnsafeQueueUserWorkItem(static next => next(), continuation, preferLocal: false);
    }
}
