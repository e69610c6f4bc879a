namespace Sluice.LocalCluster.Tests.Kubelet;

/// <summary>Waits for a condition; the limit is generous because the machine may be busy.</summary>
internal static class Eventually
{
    internal static Task True(Func<bool> condition, string what, int seconds = 60) =>
        True(() => Task.FromResult(condition()), what, seconds);

    internal static async Task True(Func<Task<bool>> condition, string what, int seconds = 60)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(start) > TimeSpan.FromSeconds(seconds))
                throw new TimeoutException($"not within {seconds} s: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        }
    }
}
