using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Client;

/// <summary>A part of a kubeconfig file that knows where it is, so that every error can say so.</summary>
internal sealed class ConfigSection(string file, string path, JsonObject members)
{
    public string File { get; } = file;

    public static ConfigSection ReadFile(string file)
    {
        try
        {
            var documents = Yaml.Read(System.IO.File.ReadAllText(file), plainText: true);
            return documents switch
            {
                [] => new ConfigSection(file, "", []),
                [JsonObject root] => new ConfigSection(file, "", root),
                _ => throw new KubeConfigException($"{file}: this is not a kubeconfig: one mapping was expected."),
            };
        }
        catch (FormatException e)
        {
            throw new KubeConfigException($"{file}: this is not YAML: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{file}: the kubeconfig cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Null when absent or empty.</summary>
    public string? Text(string name) => members[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String =>
            value.GetValue<string>() is { Length: > 0 } text ? text : null,
        _ => throw Wrong(name, "must be text"),
    };

    public string Required(string name) => Text(name) ?? throw Wrong(name, "is missing");

    public bool Flag(string name) => Text(name) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw Wrong(name, $"must be true or false, not '{other}'"),
    };

    public ConfigSection? Member(string name) => members[name] switch
    {
        null => null,
        JsonObject section => new ConfigSection(File, At(name), section),
        _ => throw Wrong(name, "must be a mapping"),
    };

    public IEnumerable<ConfigSection> Items(string name) => List(name).Select((item, index) =>
        item is JsonObject section
            ? new ConfigSection(File, $"{At(name)}[{section["name"]?.ToString() ?? index.ToString()}]", section)
            : throw Wrong(name, "must be a list of mappings"));

    public IEnumerable<string> Texts(string name) => List(name).Select(item =>
        item is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw Wrong(name, "must be a list of texts"));

    /// <summary>Paths in a kubeconfig are relative to the file.</summary>
    public string FullPath(string relative) =>
        Path.GetFullPath(relative, Path.GetDirectoryName(Path.GetFullPath(File)) ?? "/");

    public KubeConfigException Wrong(string name, string what, Exception? inner = null) =>
        new($"{File}: {At(name)} {what}.", inner);

    private JsonArray List(string name) => members[name] switch
    {
        null => [],
        JsonArray list => list,
        _ => throw Wrong(name, "must be a list"),
    };

    private string At(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
