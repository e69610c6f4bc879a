using Sluice.Contract;
using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Desired;

/// <summary>The files of a serving pod: the fetched model, the split, room for temporary files, and claims to fetch from.</summary>
internal static class VolumesFor
{
    public const string ModelPath = "/mnt/models";
    public const string SplitPath = "/etc/sluice/split";
    public const string TemporaryPath = "/tmp";
    public const string ImagePath = "/mnt/image";

    const string Model = "model";
    const string Split = "split";
    const string Temporary = "tmp";
    const string Claim = "claim";
    const string Image = "image";
    const string Credentials = "credentials";
    const string Golden = "golden";
    const string Baseline = "baseline";
    const string Cache = "cache";
    const string ApiKeys = "api-keys";
    const string Payloads = "payloads";
    const string PayloadsPath = "/mnt/payloads";

    public static string ClaimPath(string claim) => $"/mnt/pvc/{claim}";

    /// <summary>Several services may share a claim. The runtime takes what ends in / for a folder.</summary>
    public static string PayloadFolder(string service) => $"{PayloadsPath}/{service}/";

    /// <param name="revision">Whose copies of golden answers and baseline are mounted, rather than what they are copies of.</param>
    /// <param name="inputs">Of the revision.</param>
    /// <param name="cache">Of the node.</param>
    public static IReadOnlyList<Volume> Volumes(string revision, RevisionInputs inputs, CacheVolume? cache) =>
    [
        .. Scratch(),
        new() { Name = Split, ConfigMap = new ConfigMapVolumeSource { Name = Names.Split(inputs.ModelName) } },
        .. Sources(inputs, cache),
        .. Keys(inputs),
        .. inputs.PayloadClaim is { } claim
            ? (Volume[])[new() { Name = Payloads, PersistentVolumeClaim = new PersistentVolumeClaimVolumeSource { ClaimName = claim } }] : [],
        .. References(inputs.GoldenConfigMap is null ? null : Names.Golden(revision), inputs.BaselineConfigMap is null ? null : Names.Baseline(revision)),
    ];

    /// <summary>What a pod needs that fetches a model only to look at it.</summary>
    public static IReadOnlyList<Volume> FetchingVolumes(RevisionInputs inputs, CacheVolume? cache) => [.. Scratch(), .. Sources(inputs, cache), .. References(inputs.GoldenConfigMap, inputs.BaselineConfigMap)];

    /// <summary>The Secret that the fetching container reads; an image volume is pulled by the kubelet, with <see cref="PullSecrets"/>.</summary>
    public static string? MountedSecret(RevisionInputs inputs) => StorageUris.ImageOf(inputs.StorageUri) is null ? inputs.CredentialsSecret : null;

    /// <summary>What the kubelet pulls an image volume with; null where it pulls none.</summary>
    public static IReadOnlyList<LocalObjectReference>? PullSecrets(RevisionInputs inputs) =>
        StorageUris.ImageOf(inputs.StorageUri) is not null && inputs.CredentialsSecret is { } secret ? [new LocalObjectReference { Name = secret }] : null;

    /// <summary>Optional, so that a pod can say itself that they are not there, and that none is held back where they went before a copy was made.</summary>
    static IEnumerable<Volume> References(string? golden, string? baseline)
    {
        if (golden is not null)
            yield return new Volume { Name = Golden, ConfigMap = new ConfigMapVolumeSource { Name = golden, Optional = true } };
        if (baseline is not null)
            yield return new Volume { Name = Baseline, ConfigMap = new ConfigMapVolumeSource { Name = baseline, Optional = true } };
    }

    /// <summary>Optional, so that the runtime can say that there are none.</summary>
    static IEnumerable<Volume> Keys(RevisionInputs inputs)
    {
        if (inputs.ApiKeysSecret is { } secret)
            yield return new Volume { Name = ApiKeys, Secret = new SecretVolumeSource { SecretName = secret, Optional = true } };
    }

    static Volume[] Scratch() =>
    [
        new() { Name = Model, EmptyDir = new EmptyDirVolumeSource() },
        new() { Name = Temporary, EmptyDir = new EmptyDirVolumeSource() },
    ];

    static List<Volume> Sources(RevisionInputs inputs, CacheVolume? cache)
    {
        List<Volume> volumes = [];
        if (StorageUris.ClaimOf(inputs.StorageUri) is { } claim)
        {
            volumes.Add(new Volume
            {
                Name = Claim,
                PersistentVolumeClaim = new PersistentVolumeClaimVolumeSource { ClaimName = claim, ReadOnly = true },
            });
        }

        if (StorageUris.ImageOf(inputs.StorageUri) is { } image)
            volumes.Add(new Volume { Name = Image, Image = new ImageVolumeSource { Reference = image } });
        // A pod that waits for its volumes tells nobody why; without the Secret the fetching container says so.
        if (MountedSecret(inputs) is { } secret)
            volumes.Add(new Volume { Name = Credentials, Secret = new SecretVolumeSource { SecretName = secret, Optional = true } });
        if (cache is not null && CacheVolume.Helps(inputs.StorageUri))
            volumes.Add(cache.ToVolume(Cache));

        return volumes;
    }

    public static IReadOnlyList<VolumeMount> FetchingMounts(RevisionInputs inputs, CacheVolume? cache)
    {
        List<VolumeMount> mounts =
        [
            new() { Name = Model, MountPath = ModelPath },
            new() { Name = Temporary, MountPath = TemporaryPath },
        ];
        if (StorageUris.ClaimOf(inputs.StorageUri) is { } claim)
            mounts.Add(new VolumeMount { Name = Claim, MountPath = ClaimPath(claim), ReadOnly = true });
        if (StorageUris.ImageOf(inputs.StorageUri) is not null)
            mounts.Add(new VolumeMount { Name = Image, MountPath = ImagePath, ReadOnly = true });
        if (MountedSecret(inputs) is not null)
            mounts.Add(new VolumeMount { Name = Credentials, MountPath = CredentialFiles.Path, ReadOnly = true });
        if (cache is not null && CacheVolume.Helps(inputs.StorageUri))
            mounts.Add(new VolumeMount { Name = Cache, MountPath = CacheVolume.MountPath });
        return mounts;
    }

    public static IReadOnlyList<VolumeMount> ReadingMounts(RevisionInputs inputs) => [.. ModelMounts(), .. ReferenceMounts(inputs)];

    public static IReadOnlyList<VolumeMount> ServingMounts(RevisionInputs inputs) =>
    [
        .. ModelMounts(),
        new() { Name = Split, MountPath = SplitPath, ReadOnly = true },
        .. inputs.ApiKeysSecret is null ? [] : (VolumeMount[])[new() { Name = ApiKeys, MountPath = ApiKeyFiles.Path, ReadOnly = true }],
        .. ReferenceMounts(inputs),
        .. inputs.PayloadClaim is null ? [] : (VolumeMount[])[new() { Name = Payloads, MountPath = PayloadsPath }],
    ];

    static VolumeMount[] ModelMounts() =>
    [
        new() { Name = Model, MountPath = ModelPath, ReadOnly = true },
        new() { Name = Temporary, MountPath = TemporaryPath },
    ];

    static IEnumerable<VolumeMount> ReferenceMounts(RevisionInputs inputs)
    {
        if (inputs.GoldenConfigMap is not null)
            yield return new VolumeMount { Name = Golden, MountPath = ReferenceFiles.GoldenPath, ReadOnly = true };
        if (inputs.BaselineConfigMap is not null)
            yield return new VolumeMount { Name = Baseline, MountPath = ReferenceFiles.BaselinePath, ReadOnly = true };
    }
}
