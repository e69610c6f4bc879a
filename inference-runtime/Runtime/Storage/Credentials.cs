using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>
/// What a model is fetched with: a folder with one file for each key of a Secret. A key that is not there may be an
/// environment variable instead, as cloud identity webhooks set them.
/// </summary>
internal sealed class Credentials(string? folder, Func<string, string?> environment)
{
    private const int LargestBytes = 1 << 20;

    /// <summary>As the container's environment says.</summary>
    public static Credentials FromEnvironment() =>
        new(Environment.GetEnvironmentVariable(CredentialFiles.Variable) is { Length: > 0 } folder ? folder : null, Environment.GetEnvironmentVariable);

    /// <summary>Whether a Secret was named at all.</summary>
    public bool AreGiven => folder is not null;

    /// <summary>
    /// A Secret that does not exist is mounted as an empty folder. Whoever named one does not want to be taken for
    /// somebody without it, and a storage would only say that he may not read.
    /// </summary>
    /// <exception cref="FailureException">A Secret was named and there is nothing in it.</exception>
    public void Require()
    {
        if (folder is null || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(static e => !Path.GetFileName(e).StartsWith('.'))))
            return;
        var name = environment(CredentialFiles.NameVariable) is { Length: > 0 } secret ? $"Secret \"{secret}\"" : "Secret";
        throw new FailureException(
            TerminationReasons.CredentialsMissing,
            $"The {name} of credentials.secretName does not exist in this namespace, or is empty: create it, or name another.");
    }

    /// <summary>The first of these that is there and not empty: each as a file, then each as a variable.</summary>
    public string? Get(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (File(name) is { } text)
                return text;
        }
        foreach (var name in names)
        {
            if (environment(name) is { Length: > 0 } value)
                return value;
        }
        return null;
    }

    /// <summary>As <see cref="Get"/>, for what is either so or not; null when it is not said.</summary>
    public bool? Flag(params ReadOnlySpan<string> names) => Get(names)?.ToLowerInvariant() switch
    {
        null => null,
        "1" or "true" or "yes" => true,
        "0" or "false" or "no" => false,
        var other => throw new FailureException(TerminationReasons.InvalidOptions, $"{string.Join(" or ", names)} is \"{other}\"; write true or false."),
    };

    /// <summary>Only from the Secret, for keys whose names could mean something else in an environment.</summary>
    public string? File(string name)
    {
        if (folder is null)
            return null;
        var path = Path.Combine(folder, name);
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return null;
            if (file.Length > LargestBytes)
                throw new FailureException(TerminationReasons.InvalidOptions, $"The credentials' key {name} is larger than {LargestBytes} bytes.");
            return System.IO.File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new FailureException(TerminationReasons.InvalidOptions, $"The credentials' key {name} cannot be read: {e.Message}");
        }
    }

    /// <summary>What to do when the storage refuses.</summary>
    public string Advice => AreGiven
        ? "Check that the Secret of credentials.secretName holds what this storage wants and that it may read there."
        : "If it needs credentials, name a Secret in credentials.secretName.";
}
