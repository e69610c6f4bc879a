using System.Net;
using System.Text;

namespace Sluice.Support.Http;

/// <summary>People who ask a served iris classifier one after the other, and go on while something changes.</summary>
public sealed class Users : IAsyncDisposable
{
    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Shorter than a pod drains: what is sent on a connection that ends in that moment is lost, which is HTTP/1.1's own
    /// race and every client's to avoid.
    /// </summary>
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    readonly CancellationTokenSource leaving = new();
    readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = Idle });
    readonly List<string> failures = [];
    readonly Task asking;
    int answered;

    Users(Uri predict) => asking = AskAsync(predict);

    /// <param name="predict">The address of V1's <c>:predict</c>.</param>
    public static Users Of(Uri predict) => new(predict);

    /// <summary>They leave.</summary>
    /// <returns>How many requests were answered well, and what came of the others.</returns>
    public async Task<(int Answered, IReadOnlyList<string> Failures)> LeaveAsync()
    {
        await leaving.CancelAsync().ConfigureAwait(false);
        await asking.ConfigureAwait(false);
        return (answered, failures);
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync().ConfigureAwait(false);
        client.Dispose();
        leaving.Dispose();
    }

    async Task AskAsync(Uri predict)
    {
        for (var user = 0; !leaving.IsCancellationRequested; user++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, predict);
                request.Content = new StringContent("""{"instances": [[5.1, 3.5, 1.4, 0.2]]}""", Encoding.UTF8, "application/json");
                request.Headers.Add("x-user", $"user-{user % 50}");
                using var answer = await client.SendAsync(request, CancellationToken.None).ConfigureAwait(false);
                if (answer.StatusCode == HttpStatusCode.OK) answered++;
                else failures.Add($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(CancellationToken.None).ConfigureAwait(false)}");
            }
            catch (HttpRequestException e)
            {
                failures.Add(e.ToString());
            }

            await Task.Delay(Between, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
