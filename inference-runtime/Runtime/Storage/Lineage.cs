using System.Text.Json;
using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>What a storage knew of how an artifact came to be, kept beside the artifact for <c>inspect</c>; no part of its digest.</summary>
internal static class Lineage
{
    public const string FileName = ".sluice-lineage.json";

    public static void Write(string folder, IReadOnlyDictionary<string, string> lineage) =>
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(lineage, ContractJson.Default.IReadOnlyDictionaryStringString));

    /// <summary>Null when there is none, or none that can be read.</summary>
    public static IReadOnlyDictionary<string, string>? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), ContractJson.Default.IReadOnlyDictionaryStringString) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
