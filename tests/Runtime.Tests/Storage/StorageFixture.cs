using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Runtime.Storage;
using Sluice.Runtime.Storage.Web;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>Pulls into a folder of its own, with the credentials that a test writes.</summary>
public sealed class StorageFixture : IDisposable
{
    public static readonly byte[] Model = File.ReadAllBytes(TestModels.File("iris/2"));
    public static readonly string Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Model));

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-storage").FullName;
    private bool hasSecret;

    /// <summary>Where the kubelet would mount an image.</summary>
    public string Image => Path.Combine(folder, "image");

    /// <summary>Where the artifact comes to lie.</summary>
    public string To => Path.Combine(folder, "to");

    internal TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(30);

    internal TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(30);

    internal long MaxBytes { get; set; } = long.MaxValue;

    internal ModelCache? Cache { get; set; }

    internal FetchMetrics? Metrics { get; set; }

    internal Microsoft.Extensions.Logging.ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>What requests go through, over what would send them; by default that alone.</summary>
    internal Func<HttpMessageHandler, HttpMessageHandler> Line { get; set; } = static usual => usual;

    internal TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The environment variables of the fetching container.</summary>
    internal Dictionary<string, string> Variables { get; } = [];

    /// <summary>Writes one key of the Secret.</summary>
    public StorageFixture Secret(string key, string value)
    {
        hasSecret = true;
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "secret")).FullName, key), value);
        return this;
    }

    /// <summary>Where a key of the Secret lies.</summary>
    public string SecretFile(string key) => Path.Combine(folder, "secret", key);

    internal Credentials Credentials() => new(hasSecret ? Path.Combine(folder, "secret") : null, Variables.GetValueOrDefault);

    internal async Task<Digest> PullAsync(string address, string? sha256 = null)
    {
        var credentials = Credentials();
        using var handler = WebStorage.Handler(credentials);
        using var web = new WebStorage(Line(handler), new Patience(TimeProvider.System, Stall), credentials);
        var pull = new Pull(ModelSources.All([new LocalSource(folder), new Sluice.Runtime.Storage.Oci.ImageVolumeSource(Image)], web, credentials, TimeProvider.System), Time, Logger, Cache, Metrics);
        return await pull.RunAsync(
            new PullSettings { Address = address, Sha256 = sha256, To = To, RetryFor = RetryFor, StallTimeout = Stall, MaxBytes = MaxBytes },
            default);
    }

    internal async Task<FailureException> FailureAsync(string address, string? sha256 = null)
    {
        var pulling = () => PullAsync(address, sha256);
        var failure = (await pulling.Should().ThrowAsync<FailureException>()).Which;
        // What came of an artifact that may yet be had waits for the next container.
        if (failure.Reason == Sluice.Contract.TerminationReasons.Unreachable)
            (Directory.Exists(To) ? Digest.FilesIn(To) : []).Should().BeEmpty("no half model is to be seen");
        else if (Directory.Exists(To))
            Directory.EnumerateFileSystemEntries(To).Should().BeEmpty("a failed pull leaves nothing behind");
        return failure;
    }

    public byte[] Fetched(string path = "model.onnx") => File.ReadAllBytes(Path.Combine(To, path));

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
    }
}
