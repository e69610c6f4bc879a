using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Sluice.Kubernetes.Client;

namespace Sluice.Kubernetes.Auth;

/// <summary>
/// A token that someone else keeps fresh. The kubelet replaces a projected token when a fifth of its life is left,
/// at the shortest two minutes before its end; reading every minute is therefore always in time.
/// </summary>
internal sealed class TokenFile(string path, X509Certificate2? certificate, TimeProvider time) : ICredentialSource
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);
    private volatile Reading? _last;

    public X509Certificate2? ClientCertificate => certificate;

    public async ValueTask<AuthenticationHeaderValue?> HeaderAsync(CancellationToken cancel)
    {
        var last = _last;
        if (last is not null && time.GetElapsedTime(last.At) < MaxAge)
            return last.Header;
        try
        {
            var token = (await File.ReadAllTextAsync(path, cancel)).Trim();
            if (token.Length == 0)
                throw new KubeConfigException($"{path}: the token file is empty.");
            last = new Reading(new AuthenticationHeaderValue("Bearer", token), time.GetTimestamp());
        }
        catch (Exception e) when (last is not null && e is IOException or UnauthorizedAccessException or KubeConfigException)
        {
            // A file that is being replaced may be away for a moment; the old token is still good for minutes.
            return last!.Header;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{path}: the token file cannot be read: {e.Message}", e);
        }

        _last = last;
        return last.Header;
    }

    public bool Reject(AuthenticationHeaderValue? used)
    {
        // Read at once; another try makes sense only when the file now says something else, which the handler sees.
        if (_last is { } last && last.Header.Equals(used))
            _last = null;
        return true;
    }

    private sealed record Reading(AuthenticationHeaderValue Header, long At);
}
