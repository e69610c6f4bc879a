using System.Threading.Channels;

namespace Sluice.LocalCluster;

/// <summary>Something has happened, once or many times: one waiter, who then looks at the state of things.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Returns at once when it was set since the last wait.</summary>
    internal async Task WaitAsync(CancellationToken cancel) => _ = await _channel.Reader.ReadAsync(cancel);
}
