using System.Text.Json;
using Sluice.Contract;
using Sluice.Monitoring.Profiles;

namespace Sluice.Runtime.Monitoring;

/// <summary>Reads the file that a baseline lies in.</summary>
internal static class BaselineFile
{
    /// <exception cref="FailureException">It is not there, or makes no sense.</exception>
    public static Profile Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var document = JsonSerializer.Deserialize(file, ContractJson.Default.ProfileDocument);
            return (document ?? throw new FormatException("it is null.")).ToProfile();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions, $"The baseline {path} cannot be used: {e.Message}");
        }
    }
}
