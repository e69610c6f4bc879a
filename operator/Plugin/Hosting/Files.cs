using System.CommandLine;

namespace Sluice.Plugin.Hosting;

/// <summary>Options that name a file, where '-' is standard input.</summary>
internal static class Files
{
    public static Option<string> Option(string name, string alias, string description) =>
        new(name, alias) { Description = description, Required = true, HelpName = "FILE" };

    public static string Named(string path) => path == "-" ? "standard input" : path;

    /// <exception cref="PluginException">It cannot be read.</exception>
    public static async Task<string> ReadAsync(string path, Terminal terminal, CancellationToken cancel)
    {
        if (path == "-")
            return await terminal.In.ReadToEndAsync(cancel);
        try
        {
            return await File.ReadAllTextAsync(path, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginException(ExitCodes.Failed, $"{path} cannot be read: {e.Message} Name a file, or - for standard input.", e);
        }
    }
}
