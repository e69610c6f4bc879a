using Sluice.Runtime.Hosting;

namespace Sluice.Runtime.Tests.Hosting;

public sealed class CpuShareTests
{
    [Theory]
    [InlineData(1, 0, 0, 1, 1)]
    [InlineData(4, 0, 0, 4, 1)]
    [InlineData(4, 1, 0, 1, 4)]
    [InlineData(4, 3, 0, 3, 1)]
    [InlineData(4, 100, 0, 100, 1)]
    [InlineData(4, 0, 2, 2, 2)]
    [InlineData(4, 0, 3, 2, 3)]
    [InlineData(4, 0, 8, 1, 8)]
    [InlineData(4, 5, 6, 5, 6)]
    public void What_is_not_said_follows_from_the_CPUs(int cpus, int calls, int threads, int expectedCalls, int expectedThreads) =>
        CpuShare.Of(cpus, calls, threads).Should().Be(new CpuShare(expectedCalls, expectedThreads));
}
