using System.Text;

namespace Sluice.LocalCluster.Demo;

/// <summary>Users who call the service all the while, at its own address, and count who answered.</summary>
internal sealed class Users : IAsyncDisposable
{
    const int Callers = 8;
    const string RevisionHeader = "x-sluice-revision";

    /// <summary>Between two calls of one caller.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    readonly CancellationTokenSource _leaving = new();
    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }, disposeHandler: true);
    readonly Dictionary<string, int> _answers = [];
    readonly Lock _lock = new();
    readonly Task _calling;

    /// <param name="address">What they post to.</param>
    /// <param name="rows">What they send, one row each.</param>
    public Users(Uri address, IrisRows rows, TimeProvider time) =>
        _calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(caller, address, rows, time)));

    public int Answered { get; private set; }

    /// <summary>What went wrong, of each call that was not answered with a prediction.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Answers by revision since this was asked last.</summary>
    public IReadOnlyDictionary<string, int> Take()
    {
        lock (_lock)
        {
            var taken = new Dictionary<string, int>(_answers);
            _answers.Clear();
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _calling;
        _client.Dispose();
        _leaving.Dispose();
    }

    async Task CallAsync(int caller, Uri address, IrisRows rows, TimeProvider time)
    {
        try
        {
            for (var i = caller; !_leaving.IsCancellationRequested; i += Callers)
            {
                await OnceAsync(address, rows.Request(i % rows.Features.Count, 1));
                await Task.Delay(Rest, time, _leaving.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // They leave.
        }
    }

    async Task OnceAsync(Uri address, string request)
    {
        try
        {
            using var body = new StringContent(request, Encoding.UTF8, "application/json");
            using var answer = await _client.PostAsync(address, body);
            var text = await answer.Content.ReadAsStringAsync();
            lock (_lock)
            {
                if (!answer.IsSuccessStatusCode)
                {
                    Failures.Add($"{(int)answer.StatusCode}: {text}");
                    return;
                }
                var by = answer.Headers.TryGetValues(RevisionHeader, out var named) ? named.First() : "?";
                _answers[by] = _answers.GetValueOrDefault(by) + 1;
                Answered++;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            lock (_lock) Failures.Add(e.Message);
        }
    }
}
