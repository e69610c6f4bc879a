namespace Sluice.Runtime.Hosting;

/// <summary>How a container's CPUs are shared out: so many calls at a time, each on so many threads.</summary>
internal readonly record struct CpuShare(int Calls, int ThreadsPerCall)
{
    /// <summary>
    /// What is not said follows from the CPUs: threads are what they give to each call, calls as many as it takes to keep
    /// them all busy. With neither said, as many calls as CPUs run on one thread each: that serves most models best, and
    /// the small ones much better.
    /// </summary>
    /// <param name="cpus">
    /// The container's limit (cgroup v1 or v2, rounded up), its CPU set or the machine, whichever is least: .NET's
    /// processor count. ONNX Runtime by itself takes the machine's cores.
    /// </param>
    /// <param name="calls">0 when not said.</param>
    /// <param name="threads">0 when not said.</param>
    public static CpuShare Of(int cpus, int calls, int threads) => (calls, threads) switch
    {
        (<= 0, <= 0) => new CpuShare(cpus, 1),
        (<= 0, _) => new CpuShare((cpus + threads - 1) / threads, threads),
        (_, <= 0) => new CpuShare(calls, Math.Max(1, cpus / calls)),
        _ => new CpuShare(calls, threads),
    };
}
