namespace Sluice.Runtime.Hosting;

/// <summary>
/// The pool that Kestrel takes its blocks from keeps 32 of each size per CPU; two dozen calls over HTTP/2 at a time on one
/// CPU hold more, so each would allocate its blocks anew.
/// </summary>
internal static class BufferPool
{
    public const string Variable = "DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION";

    /// <summary>Unless the variable says otherwise already. .NET reads it when the pool is used first.</summary>
    public static void Widen()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
            Environment.SetEnvironmentVariable(Variable, "64");
    }
}
