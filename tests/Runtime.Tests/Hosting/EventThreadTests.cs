using Sluice.Runtime.Hosting;

namespace Sluice.Runtime.Tests.Hosting;

public sealed class EventThreadTests
{
    [Fact]
    public async Task Leaving_goes_on_in_the_thread_pool()
    {
        var left = await OnOwnThread(async () =>
        {
            var before = EventThread.IsCurrent;
            await EventThread.Leave();
            return (before, EventThread.IsCurrent);
        });

        left.Should().Be((true, false));
    }

    [Fact]
    public async Task A_thread_of_the_pool_has_nothing_to_leave()
    {
        (await Task.Run(() => EventThread.Leave().GetAwaiter().IsCompleted)).Should().BeTrue();
    }

    /// <summary>As the threads that wait for sockets are: none of the pool.</summary>
    private static Task<T> OnOwnThread<T>(Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => _ = CompleteAsync()) { IsBackground = true }.Start();
        return done.Task;

        async Task CompleteAsync()
        {
            try
            {
                done.SetResult(await work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }
}
