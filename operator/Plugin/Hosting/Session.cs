using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Plugin.Rendering;

namespace Sluice.Plugin.Hosting;

/// <summary>One command at work: the cluster, the namespace, and how to print.</summary>
internal sealed class Session(KubeClient client, string ns, bool json, Terminal terminal, CancellationToken cancel) : IDisposable
{
    public KubeClient Client { get; } = client;

    public string Namespace { get; } = ns;

    public bool Json { get; } = json;

    public Terminal Terminal { get; } = terminal;

    public CancellationToken Cancel { get; } = cancel;

    public Palette Palette { get; } = new(terminal.HasColours);

    public DateTimeOffset Now => Terminal.Time.GetUtcNow();

    /// <exception cref="PluginException">There is no such service.</exception>
    public async Task<InferenceService> ServiceAsync(string name)
    {
        try
        {
            return await Client.GetAsync<InferenceService>(new ObjectKey(Namespace, name), Cancel);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            throw NotFound(name, e);
        }
    }

    /// <summary>With metadata.managedFields, which the typed object leaves out.</summary>
    /// <exception cref="PluginException">There is no such service.</exception>
    public async Task<(InferenceService Service, JsonElement? ManagedFields)> WithManagersAsync(string name)
    {
        try
        {
            var found = await Client.GetAsync(InferenceService.Kind, new ObjectKey(Namespace, name), Cancel);
            var service = found.Deserialize(ApiJson.Default.InferenceService) ?? throw new InvalidDataException($"InferenceService {name} is null");
            return (service, found.GetProperty("metadata").TryGetProperty("managedFields", out var managers) ? managers : null);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            throw NotFound(name, e);
        }
    }

    /// <summary>The same facts, as text or as JSON.</summary>
    public Task PrintAsync<T>(T value, JsonTypeInfo<T> type, Func<string> text) =>
        Terminal.Out.WriteAsync((Json ? PluginJson.Text(value, type) : text()).AsMemory(), Cancel);

    public void Dispose() => Client.Dispose();

    /// <summary>The server answers 404 as well when it does not know the kind.</summary>
    PluginException NotFound(string name, KubeApiException e) => e.Status?.Details?.Name == name
        ? new PluginException(ExitCodes.NotFound, $"There is no InferenceService {name} in namespace {Namespace}. 'kubectl get inferenceservices.sluice.dev -A' lists all; -n names another namespace.", e)
        : new PluginException(ExitCodes.Failed, $"The cluster does not know inferenceservices.sluice.dev: Sluice is not installed on it. See docs/quickstart.md, or choose another cluster with --context. ({e.Message})", e);
}
