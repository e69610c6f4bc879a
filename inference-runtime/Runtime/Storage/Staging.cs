using System.Security.Cryptography;
using System.Text;

namespace Sluice.Runtime.Storage;

/// <summary>
/// A hidden folder beside the artifact's place, where files arrive. It outlives a container that is killed, and the next one
/// goes on with what is there, if it is for the same address.
/// </summary>
internal sealed class Staging
{
    public const string Name = ".sluice-pull";

    private readonly string root;

    private Staging(string root) => this.root = root;

    /// <summary>Where the files are.</summary>
    public string Files => Path.Combine(root, "files");

    private string Validators => Path.Combine(root, "validators");

    public static Staging Open(string to, string address)
    {
        var staging = new Staging(Path.Combine(to, Name));
        var owner = Path.Combine(staging.root, "address");
        // Addresses may hold secrets.
        var key = Digest.Hex(SHA256.HashData(Encoding.UTF8.GetBytes(address)));
        if (!File.Exists(owner) || File.ReadAllText(owner) != key)
        {
            staging.Clear();
            Directory.CreateDirectory(staging.Files);
            File.WriteAllText(owner, key);
        }
        return staging;
    }

    /// <summary>
    /// How far an earlier container came with a file. One byte less than there is, so that the storage has a byte to give
    /// and says whether the file is still the same.
    /// </summary>
    public Resume Partial(string path)
    {
        var (file, validator) = (new FileInfo(Path.Combine(Files, path)), Path.Combine(Validators, path));
        return file.Exists && file.Length > 1 && File.Exists(validator) ? new Resume(file.Length - 1, File.ReadAllText(validator)) : default;
    }

    /// <summary>Keeps what the rest of a file must still have; null forbids the next container to go on.</summary>
    public void Remember(string path, string? validator)
    {
        var file = Path.Combine(Validators, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (validator is null)
            File.Delete(file);
        else
            File.WriteAllText(file, validator);
    }

    public void Clear()
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }
}
