namespace Sluice.Contract;

/// <summary>How <c>credentials.secretName</c> reaches <c>sluice-runtime pull</c>: each key of the Secret is a file.</summary>
public static class CredentialFiles
{
    /// <summary>Names the folder with the files.</summary>
    public const string Variable = "SLUICE_CREDENTIALS";

    /// <summary>Says what the Secret is called, for messages.</summary>
    public const string NameVariable = "SLUICE_CREDENTIALS_SECRET";

    /// <summary>Where the operator mounts them.</summary>
    public const string Path = "/etc/sluice/credentials";
}
