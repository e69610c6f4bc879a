using System.CommandLine;
using System.Net;
using Sluice.Contract;
using Sluice.Runtime.Admin;
using Sluice.Runtime.Storage;
using Sluice.Runtime.Storage.Oci;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Commands;

/// <summary>sluice-runtime pull.</summary>
internal static class PullCommand
{
    public static Command Create()
    {
        var model = Options.Text("--model", $"Where the model lies: a path, or an address with one of {string.Join(", ", StorageSchemes.Supported)}.");
        var sha256 = Options.Text("--sha256", "What it must be: SHA-256 in hex of the file, or of the folder as inspect prints it.");
        var to = Options.Text("--to", "The folder to put it into.");
        var pvcRoot = Options.Text("--pvc-root", "Where the claims of pvc:// addresses are mounted; by default /mnt/pvc.");
        var claimPath = Options.Text("--claim-path", "Where the claim of a pvc:// address is mounted; by default under its name in --pvc-root.");
        var imagePath = Options.Text("--image-path", "Where the image of an oci+native:// address is mounted; by default /mnt/image.");
        var maxBytes = Options.Size("--max-bytes", "Largest artifact.", new PullSettings { Address = "", To = "" }.MaxBytes);
        var retryFor = Options.Duration("--retry-for", "How long passing failures are retried.", TimeSpan.FromSeconds(60));
        var stall = Options.Duration("--stall-timeout", "When a transfer that stands still is begun anew.", TimeSpan.FromSeconds(30));
        var cache = Options.Text("--cache", "A folder that the pods of a node share: artifacts that one has fetched, by their digest.");
        var cacheBytes = Options.Size("--cache-max-bytes", "Of all artifacts in the cache; those that were used longest ago go first.", 20L << 30);
        var cacheAge = Options.Duration("--cache-max-age", "An artifact in the cache that nobody used for so long goes.", TimeSpan.FromDays(30));
        var watched = Options.Text("--metrics", "HOST:PORT for metrics of how far the fetch is, while it lasts; by default none.");
        var terminationLog = Options.TerminationLog();
        var command = new Command("pull", "Fetches a model and checks its digest.")
        {
            model, sha256, to, pvcRoot, claimPath, imagePath, maxBytes, retryFor, stall, cache, cacheBytes, cacheAge, watched, terminationLog,
        };
        command.SetAction((result, cancellation) => Termination.GuardAsync(
            result.GetValue(terminationLog),
            () => RunAsync(
                new PullSettings
                {
                    Address = Options.Given(result.GetValue(model), "--model"),
                    Sha256 = result.GetValue(sha256) is { Length: > 0 } pin ? Sha256Text.Parse(pin) : null,
                    To = Path.GetFullPath(Options.Given(result.GetValue(to), "--to")),
                    MaxBytes = result.GetValue(maxBytes),
                    RetryFor = result.GetValue(retryFor),
                    StallTimeout = result.GetValue(stall),
                },
                [
                    new LocalSource(result.GetValue(pvcRoot) ?? "/mnt/pvc", result.GetValue(claimPath)),
                    new ImageVolumeSource(result.GetValue(imagePath) ?? "/mnt/image"),
                ],
                logger => result.GetValue(cache) is { Length: > 0 } folder
                    ? new ModelCache(Path.GetFullPath(folder), result.GetValue(cacheBytes), result.GetValue(cacheAge), TimeProvider.System, logger)
                    : null,
                result.GetValue(watched) is { Length: > 0 } at ? EndPoint(at) : null,
                cancellation)));
        return command;
    }

    private static IPEndPoint EndPoint(string text)
    {
        try
        {
            return Options.ParseEndPoint(text);
        }
        catch (FormatException e)
        {
            throw new FailureException(TerminationReasons.InvalidOptions, $"--metrics: \"{text}\" {e.Message}.");
        }
    }

    private static async Task<int> RunAsync(
        PullSettings settings, IReadOnlyList<IModelSource> local, Func<ILogger, ModelCache?> cache, IPEndPoint? watched, CancellationToken cancellation)
    {
        using var logs = Logs.Create(level: null);
        var logger = logs.CreateLogger("Sluice.Runtime");
        var metrics = new FetchMetrics();
        using var watch = watched is null ? null : await FetchApplication.StartAsync(watched, metrics.Registry, logs);
        await FetchAsync(settings, local, cache(logger), logger, cancellation, metrics);
        return 0;
    }

    /// <summary>Fetches a model with the credentials of this process.</summary>
    /// <exception cref="FailureException">It cannot be had.</exception>
    public static async Task FetchAsync(
        PullSettings settings, IReadOnlyList<IModelSource> local, ModelCache? cache, ILogger logger, CancellationToken cancellation, FetchMetrics? metrics = null)
    {
        var credentials = Credentials.FromEnvironment();
        credentials.Require();
        using var handler = WebStorage.Handler(credentials);
        using var web = new WebStorage(handler, new Patience(TimeProvider.System, settings.StallTimeout), credentials);
        var pull = new Pull(ModelSources.All(local, web, credentials, TimeProvider.System), TimeProvider.System, logger, cache, metrics);
        await pull.RunAsync(settings, cancellation);
    }
}
