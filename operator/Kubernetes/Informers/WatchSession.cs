using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Informers;

/// <summary>One open watch: how old it is and how much it brought.</summary>
internal sealed class WatchSession<T>(IAsyncEnumerator<WatchEvent<T>> events, TimeProvider time)
    where T : class, IKubeObject<T>
{
    private readonly long _opened = time.GetTimestamp();

    public int Events { get; private set; }

    public TimeSpan Age => time.GetElapsedTime(_opened);

    /// <summary>Null at the end.</summary>
    public async ValueTask<WatchEvent<T>?> NextAsync()
    {
        if (!await events.MoveNextAsync())
            return null;
        Events++;
        return events.Current;
    }

    public ValueTask CloseAsync() => events.DisposeAsync();
}
