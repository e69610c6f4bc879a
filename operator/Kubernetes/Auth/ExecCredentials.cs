using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Sluice.Kubernetes.Client;

namespace Sluice.Kubernetes.Auth;

/// <summary>Runs a credential plugin, keeps what it prints until it expires or the server rejects it.</summary>
internal sealed class ExecCredentials(ExecPlugin plugin, KubeConfig config, TimeProvider time) : ICredentialSource, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Issued? _issued;

    public X509Certificate2? ClientCertificate => _issued?.Certificate;

    public async ValueTask<AuthenticationHeaderValue?> HeaderAsync(CancellationToken cancel)
    {
        if (_issued is { } fresh && IsFresh(fresh))
            return fresh.Header;
        await _one.WaitAsync(cancel);
        try
        {
            if (_issued is { } other && IsFresh(other))
                return other.Header;
            var issued = Read(await RunAsync(cancel));
            _issued = issued;
            return issued.Header;
        }
        finally
        {
            _one.Release();
        }
    }

    public bool Reject(AuthenticationHeaderValue? used)
    {
        // Only the credentials that were rejected are dropped: someone else may have renewed them meanwhile.
        if (_issued is { } issued && Equals(issued.Header, used))
            _issued = null;
        return true;
    }

    public void Dispose() => _one.Dispose();

    private bool IsFresh(Issued issued) => issued.Expires is not { } expires || time.GetUtcNow() < expires;

    private async Task<string> RunAsync(CancellationToken cancel)
    {
        using var process = Start();
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            await Task.WhenAll(output, errors);
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0
                ? await output
                : throw Broken($"ended with code {process.ExitCode}: {(await errors).Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            throw Broken($"did not end within {Limit}");
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(plugin.Command, plugin.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in plugin.Environment)
            start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] = ExecInfo.Json(plugin, config);
        try
        {
            return Process.Start(start) ?? throw Broken("did not start");
        }
        catch (Win32Exception e)
        {
            throw Broken($"cannot be started: {e.Message}", e);
        }
    }

    private Issued Read(string output)
    {
        ExecCredential? credential;
        try
        {
            credential = JsonSerializer.Deserialize(output, ClientJson.Default.ExecCredential);
        }
        catch (JsonException e)
        {
            throw Broken($"did not print an ExecCredential: {e.Message}", e);
        }

        if (credential is not { Kind: "ExecCredential", Status: { } status })
            throw Broken("did not print an ExecCredential with a status");
        if (credential.ApiVersion != plugin.ApiVersion)
            throw Broken($"printed {credential.ApiVersion} where {plugin.ApiVersion} was asked for");
        if (status is { Token: null, ClientCertificateData: null })
            throw Broken("printed neither a token nor a client certificate");
        var header = status.Token is null ? null : new AuthenticationHeaderValue("Bearer", status.Token);
        return new Issued(header, Certificate(status), status.ExpirationTimestamp);
    }

    private X509Certificate2? Certificate(ExecCredentialStatus status)
    {
        if (status.ClientCertificateData is not { } certificate)
            return null;
        try
        {
            return X509Certificate2.CreateFromPem(certificate, status.ClientKeyData ?? "");
        }
        catch (CryptographicException e)
        {
            throw Broken($"printed a client certificate or key that is not PEM: {e.Message}", e);
        }
    }

    private KubeConfigException Broken(string what, Exception? inner = null)
    {
        var hint = plugin.InstallHint is { Length: > 0 } text ? "\n" + text : "";
        return new KubeConfigException($"The credential plugin '{plugin.Command}' {what}.{hint}", inner);
    }

    private sealed record Issued(AuthenticationHeaderValue? Header, X509Certificate2? Certificate, DateTimeOffset? Expires);
}
