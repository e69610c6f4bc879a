namespace Sluice.Contract;

/// <summary>How <c>predictor.auth.apiKeysSecret</c> reaches <c>sluice-runtime serve</c>: each key of the Secret is a file, called like a caller, with that caller's bearer key.</summary>
public static class ApiKeyFiles
{
    /// <summary>Where the operator mounts them.</summary>
    public const string Path = "/etc/sluice/api-keys";
}
