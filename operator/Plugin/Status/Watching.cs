using System.Threading.Channels;
using Sluice.Kubernetes.Informers;
using Sluice.Operator.Api;
using Sluice.Plugin.Hosting;
using Sluice.Plugin.Rendering;

namespace Sluice.Plugin.Status;

/// <summary>The status, again whenever it changes: a screen that is redrawn, or lines.</summary>
internal static class Watching
{
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <param name="untilSettled">Ends when nothing goes on without a person.</param>
    /// <exception cref="PluginException">There is no such service.</exception>
    public static async Task<int> RunAsync(Session session, string name, bool untilSettled, TimeSpan? timeout)
    {
        // Asked once beforehand: what is forbidden or absent ends here, not in retries.
        await session.ServiceAsync(name);
        using var limit = timeout is { } span ? new CancellationTokenSource(span, session.Terminal.Time) : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(session.Cancel, limit.Token);
        var informer = new Informer<InferenceService>(session.Client, new InformerOptions
        {
            Namespace = session.Namespace,
            FieldSelector = $"metadata.name={name}",
            Time = session.Terminal.Time,
        });
        var states = Channel.CreateUnbounded<InferenceService?>(new UnboundedChannelOptions { SingleReader = true });
        informer.Subscribe(change => states.Writer.TryWrite(change.New));
        var running = informer.RunAsync(stop.Token);
        try
        {
            return await FollowAsync(new Output(session), informer, states.Reader, session, name, untilSettled, stop.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !session.Cancel.IsCancellationRequested)
        {
            throw new PluginException(ExitCodes.TimedOut, $"watch {session.Namespace}/{name}: not settled within {new Duration(timeout!.Value)}. The rollout goes on without this command.");
        }
        finally
        {
            await stop.CancelAsync();
            await running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    static async Task<int> FollowAsync(
        Output output, Informer<InferenceService> informer, ChannelReader<InferenceService?> states, Session session, string name, bool untilSettled, CancellationToken stop)
    {
        StatusView? view = null;
        while (true)
        {
            while (states.TryRead(out var service))
            {
                if (service is null)
                    throw new PluginException(ExitCodes.NotFound, $"InferenceService {name} in namespace {session.Namespace} was deleted.");
                view = StatusView.Of(service);
                await output.ShowAsync(view, informer.Problem);
                if (untilSettled && view.ExitCode != ExitCodes.UnderWay)
                    return view.ExitCode;
            }

            var more = states.WaitToReadAsync(stop).AsTask();
            while (await Task.WhenAny(more, Task.Delay(Tick, session.Terminal.Time, stop)) != more)
            {
                stop.ThrowIfCancellationRequested();
                if (view is not null)
                    await output.TickAsync(view, informer.Problem);
            }

            await more;
        }
    }

    /// <summary>On a terminal the last screen is drawn over; elsewhere only changes are written.</summary>
    sealed class Output(Session session)
    {
        int _lines;
        string _said = "";

        public Task ShowAsync(StatusView view, string? problem)
        {
            if (session.Json)
                return session.Terminal.Out.WriteLineAsync(System.Text.Json.JsonSerializer.Serialize(view, WatchJson.Default.StatusView));
            if (session.Terminal.IsInteractive)
                return DrawAsync(view, problem);
            var said = StatusLine.Of(view);
            if (said == _said)
                return Task.CompletedTask;
            _said = said;
            return session.Terminal.Out.WriteLineAsync($"{Spans.Clock(session.Now)} {said}");
        }

        /// <summary>Times on the screen go on while nothing else changes.</summary>
        public Task TickAsync(StatusView view, string? problem) =>
            session.Terminal.IsInteractive && !session.Json ? DrawAsync(view, problem) : Task.CompletedTask;

        async Task DrawAsync(StatusView view, string? problem)
        {
            var text = StatusScreen.Render(view, session.Now, session.Palette, session.Terminal.Width);
            if (problem is not null)
                text += session.Palette.Busy($"\nnot connected: {problem}") + "\n";
            // Back to the first line of the last screen, and everything below is cleared. A line that is longer than the
            // screen is cut: wrapped, it would be two, and the way back too short.
            var back = _lines > 0 ? $"\e[{_lines}A\e[J" : "";
            _lines = text.Count(static c => c == '\n');
            await session.Terminal.Out.WriteAsync($"{back}\e[?7l{text}\e[?7h");
            await session.Terminal.Out.FlushAsync(session.Cancel);
        }
    }
}
