using System.Text;

namespace Sluice.LocalCluster.Hosting;

/// <summary>Writes the kubeconfig, at once and readable by its owner alone.</summary>
internal static class KubeconfigFile
{
    const string Name = "sluice-local";

    /// <param name="file">Where to.</param>
    /// <param name="server">The API's address.</param>
    /// <param name="authority">The authority in PEM, or null for plain HTTP.</param>
    /// <param name="credentials">Lines of the user's entry, such as <c>token: …</c>.</param>
    public static void Write(string file, Uri server, string? authority, IEnumerable<KeyValuePair<string, string>> credentials)
    {
        var text = new StringBuilder();
        text.Append("apiVersion: v1\nkind: Config\nclusters:\n");
        text.Append($"- name: {Name}\n  cluster:\n    server: {server.GetLeftPart(UriPartial.Authority)}\n");
        if (authority is not null)
            text.Append($"    certificate-authority-data: {Base64(authority)}\n");
        text.Append($"users:\n- name: {Name}\n  user:\n");
        foreach (var (key, value) in credentials)
            text.Append($"    {key}: {value}\n");
        text.Append($"contexts:\n- name: {Name}\n  context:\n    cluster: {Name}\n    user: {Name}\n    namespace: default\n");
        text.Append($"current-context: {Name}\n");
        Secret(file, text.ToString());
    }

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>A reader sees the old file or the new one, never half of it.</summary>
    public static void Secret(string file, string text)
    {
        var full = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = $"{full}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(temporary, options))
            stream.Write(Encoding.UTF8.GetBytes(text));
        File.Move(temporary, full, overwrite: true);
    }
}
