using Sluice.Runtime.Hosting;
using Sluice.Runtime.Models;
using Sluice.Runtime.Protocols.V2;
using Sluice.Support;

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

    [Fact]
    public async Task A_model_runs_elsewhere_until_its_calls_have_shown_to_be_short()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");
        var model = runtime.Server.State.Catalog.Find("iris")!.Default!.Served!;

        (await OnOwnThread(() => RanHereAsync(model))).Should().BeFalse("nothing is known of it yet");

        await Eventually.TrueAsync(() => OnOwnThread(() => RanHereAsync(model)).GetAwaiter().GetResult(), "short calls run where they are read");
    }

    private static async Task<bool> RanHereAsync(ServedModel model)
    {
        var call = model.Rent();
        try
        {
            InferRequest.Read("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}"""u8, call);
            var running = model.RunAsync(call, default);
            var here = running.IsCompleted;
            await running;
            return here;
        }
        finally
        {
            model.Return(call);
        }
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
