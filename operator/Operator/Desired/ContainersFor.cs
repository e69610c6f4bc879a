using System.Globalization;
using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>The containers of our pods, all from the runtime's image and all as locked down.</summary>
internal sealed class ContainersFor(string name, RevisionInputs inputs, PodOptions options, DrainTimes drain)
{
    public const string FetchingName = "model";
    public const string ServingName = "runtime";
    public const string InspectingName = "inspect";

    /// <summary>Fetches the model and checks its digest before anything serves.</summary>
    public Container Fetching() => Locked() with
    {
        Name = FetchingName,
        Args = [.. PullArguments()],
        Env = StorageVariables().ToArray() is { Length: > 0 } variables ? variables : null,
        Ports = [new ContainerPort { Name = Ports.FetchName, Number = Ports.Fetch, Protocol = "TCP" }],
        VolumeMounts = VolumesFor.FetchingMounts(inputs, options.Cache),
    };

    public Container Serving() => Locked() with
    {
        Name = ServingName,
        Args =
        [
            "serve", "--model", VolumesFor.ModelPath, "--name", inputs.ModelName,
            "--http", Listen(Ports.Http), "--grpc", Listen(Ports.Grpc), "--admin", Listen(Ports.Admin),
            "--split", $"{VolumesFor.SplitPath}/{SplitDocument.FileName}", "--revision", name,
        ],
        Env = Environment(),
        Ports =
        [
            new ContainerPort { Name = Ports.HttpName, Number = Ports.Http, Protocol = "TCP" },
            new ContainerPort { Name = Ports.GrpcName, Number = Ports.Grpc, Protocol = "TCP" },
            new ContainerPort { Name = Ports.AdminName, Number = Ports.Admin, Protocol = "TCP" },
        ],
        VolumeMounts = VolumesFor.ServingMounts(inputs),
        // The process is alive long before a large model is loaded, so a slow load is not killed.
        StartupProbe = Get("/livez", periodSeconds: 1, failureThreshold: 60),
        LivenessProbe = Get("/livez", periodSeconds: 10, failureThreshold: 3),
        ReadinessProbe = Get("/readyz", periodSeconds: 1, failureThreshold: 3),
    };

    /// <summary>Looks at what was fetched and says what it is in its termination message.</summary>
    public Container Inspecting() => Locked() with
    {
        Name = InspectingName,
        Args = ["inspect", VolumesFor.ModelPath, "--termination"],
        Env = References().ToArray() is { Length: > 0 } references ? references : null,
        VolumeMounts = VolumesFor.ReadingMounts(inputs),
    };

    IEnumerable<EnvVar> StorageVariables()
    {
        if (VolumesFor.MountedSecret(inputs) is { } secret)
        {
            yield return new EnvVar { Name = CredentialFiles.Variable, Value = CredentialFiles.Path };
            yield return new EnvVar { Name = CredentialFiles.NameVariable, Value = secret };
        }

        foreach (var (name, value) in (inputs.StorageVariables ?? new Dictionary<string, string>()).OrderBy(static v => v.Key, StringComparer.Ordinal))
            yield return new EnvVar { Name = name, Value = value };
    }

    IEnumerable<string> PullArguments()
    {
        yield return "pull";
        yield return "--model";
        yield return inputs.StorageUri;
        yield return "--to";
        yield return VolumesFor.ModelPath;
        if (inputs.Sha256 is { } sha256)
        {
            yield return "--sha256";
            yield return sha256;
        }

        if (StorageUris.ClaimOf(inputs.StorageUri) is { } claim)
        {
            yield return "--claim-path";
            yield return VolumesFor.ClaimPath(claim);
        }

        if (StorageUris.ImageOf(inputs.StorageUri) is not null)
        {
            yield return "--image-path";
            yield return VolumesFor.ImagePath;
        }

        if (options.Cache is { } cache && CacheVolume.Helps(inputs.StorageUri))
        {
            yield return "--cache";
            yield return CacheVolume.MountPath;
            if (cache.Size is { } size)
            {
                yield return "--cache-max-bytes";
                yield return size;
            }
        }

        yield return "--metrics";
        yield return Listen(Ports.Fetch);
        // The kubelet tries again, with backoff, and what went wrong can be read in between.
        yield return "--retry-for";
        yield return "10s";
    }

    /// <summary>A person's variables first: ours must win, and a later one of the same name would.</summary>
    List<EnvVar> Environment()
    {
        var variables = new List<EnvVar>();
        foreach (var wished in inputs.Env ?? [])
        {
            if (!wished.Name.StartsWith("SLUICE_", StringComparison.Ordinal))
                variables.Add(ToEnvVar(wished));
        }

        variables.AddRange(TelemetryVariables.Of(options.Telemetry, inputs, options.Namespace));
        variables.Add(new EnvVar { Name = RuntimeVariables.Revision, Value = name });
        variables.Add(new EnvVar { Name = RuntimeVariables.ModelVersion, Value = inputs.ModelVersion ?? name });
        variables.Add(new EnvVar { Name = RuntimeVariables.RequestTimeout, Value = Seconds(drain.TimeoutSeconds) });
        variables.Add(new EnvVar { Name = RuntimeVariables.DrainDelay, Value = Seconds(drain.DelaySeconds) });
        variables.Add(new EnvVar { Name = RuntimeVariables.DrainTimeout, Value = Seconds(drain.TimeoutSeconds) });
        variables.AddRange(References());
        if (inputs.Violations is { } violations)
            variables.Add(new EnvVar { Name = RuntimeVariables.Violations, Value = violations });
        if (inputs.ApiKeysSecret is not null)
            variables.Add(new EnvVar { Name = RuntimeVariables.ApiKeys, Value = ApiKeyFiles.Path });
        variables.AddRange(WatchingInputs.Variables(inputs));
        if (inputs.ContainerConcurrency is { } concurrency)
            variables.Add(new EnvVar { Name = RuntimeVariables.Concurrency, Value = concurrency.ToString(CultureInfo.InvariantCulture) });
        return variables;
    }

    IEnumerable<EnvVar> References()
    {
        if (inputs.GoldenConfigMap is not null)
            yield return new EnvVar { Name = RuntimeVariables.Golden, Value = ReferenceFiles.GoldenPath };
        if (inputs.BaselineConfigMap is not null)
            yield return new EnvVar { Name = RuntimeVariables.Baseline, Value = ReferenceFiles.BaselinePath };
        if (inputs.Expectations is not null)
            yield return new EnvVar { Name = RuntimeVariables.Expectations, Value = inputs.Expectations };
    }

    /// <summary>
    /// The image knows where its program lies, so only arguments are given. Both containers get the same resources: the
    /// pod needs no more than the larger of the two.
    /// </summary>
    Container Locked() => new()
    {
        Name = "",
        Image = options.Image,
        ImagePullPolicy = "IfNotPresent",
        Resources = ResourcesFor.Render(inputs.Resources),
        TerminationMessagePolicy = "FallbackToLogsOnError",
        SecurityContext = new SecurityContext
        {
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = true,
            RunAsNonRoot = true,
            Capabilities = new Capabilities { Drop = ["ALL"] },
        },
    };

    static EnvVar ToEnvVar(EnvVarSpec wished) => new()
    {
        Name = wished.Name,
        Value = wished.Value,
        ValueFrom = wished.ValueFrom is null ? null : new EnvVarSource
        {
            SecretKeyRef = ToSelector(wished.ValueFrom.SecretKeyRef),
            ConfigMapKeyRef = ToSelector(wished.ValueFrom.ConfigMapKeyRef),
        },
    };

    static KeySelector? ToSelector(KeyReference? key) =>
        key is null ? null : new KeySelector { Name = key.Name, Key = key.Key, Optional = key.Optional };

    static Probe Get(string path, int periodSeconds, int failureThreshold) => new()
    {
        HttpGet = new HttpGetAction { Path = path, Port = Ports.AdminName, Scheme = "HTTP" },
        PeriodSeconds = periodSeconds,
        TimeoutSeconds = 5,
        FailureThreshold = failureThreshold,
    };

    static string Listen(int port) => string.Create(CultureInfo.InvariantCulture, $"0.0.0.0:{port}");

    static string Seconds(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds}s");
}

/// <summary>How a pod ends.</summary>
/// <param name="DelaySeconds">How long it still takes requests, because some callers have not heard of its end yet.</param>
/// <param name="TimeoutSeconds">How long the requests that it has taken may last after that.</param>
internal readonly record struct DrainTimes(int DelaySeconds, int TimeoutSeconds)
{
    const int StopMarginSeconds = 5;

    public int GraceSeconds => DelaySeconds + TimeoutSeconds + StopMarginSeconds;
}
