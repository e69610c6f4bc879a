using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Client;

/// <summary>
/// The Kubernetes API over HTTP. Safe for concurrent use; own one per process. Every verb throws
/// <see cref="KubeApiException"/> when the server refuses, <see cref="HttpRequestException"/> when it cannot be
/// reached and <see cref="TimeoutException"/> when it does not answer in time.
/// </summary>
public sealed class KubeClient : IDisposable
{
    private readonly Transport _transport;
    private readonly Discovery _discovery;

    public KubeClient(KubeConfig config, KubeClientOptions? options = null)
    {
        Config = config;
        _transport = new Transport(config, options ?? new KubeClientOptions());
        _discovery = new Discovery(_transport);
    }

    public KubeConfig Config { get; }

    /// <exception cref="KubeApiException">Among others 404.</exception>
    public Task<T> GetAsync<T>(ObjectKey key, CancellationToken cancel = default)
        where T : class, IKubeObject<T> =>
        _transport.SendAsync("get", HttpMethod.Get, T.Kind.ObjectPath(key), null, T.JsonType, cancel);

    /// <summary>Null when there is no such object.</summary>
    public async Task<T?> FindAsync<T>(ObjectKey key, CancellationToken cancel = default)
        where T : class, IKubeObject<T>
    {
        try
        {
            return await GetAsync<T>(key, cancel);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>One page, or everything when no limit is given. A null or empty namespace means all of them.</summary>
    public async Task<KubeList<T>> ListAsync<T>(
        string? ns = null, ListOptions? options = null, CancellationToken cancel = default)
        where T : class, IKubeObject<T>
    {
        var path = T.Kind.CollectionPath(ns) + Query.Of(options);
        using var response = await _transport.SendAsync(Transport.Request("list", HttpMethod.Get, path), cancel);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        return await ListReader.ReadAsync<T>(body, cancel);
    }

    /// <summary>
    /// Events after <see cref="WatchOptions.ResourceVersion"/> until the server ends the watch. Reconnecting is the
    /// caller's affair; an informer does it.
    /// </summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        string? ns = null, WatchOptions? options = null, [EnumeratorCancellation] CancellationToken cancel = default)
        where T : class, IKubeObject<T>
    {
        options ??= new WatchOptions();
        var path = T.Kind.CollectionPath(ns) + Query.Of(options);
        using var response = await _transport.SendAsync(Transport.Stream("watch", HttpMethod.Get, path), cancel);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var reader = new WatchReader<T>(body, path, options.Timeout, _transport.Time);
        await foreach (var item in reader.ReadAsync(cancel))
            yield return item;
    }

    /// <summary>
    /// Server-side apply of exactly the fields that are not null. Leave out status (unless it is the subresource),
    /// resourceVersion and whatever another manager is to own.
    /// </summary>
    public Task<T> ApplyAsync<T>(T target, ApplyOptions options, CancellationToken cancel = default)
        where T : class, IKubeObject<T> =>
        _transport.SendAsync("apply", HttpMethod.Patch, Path(T.Kind, target.Metadata.Key, options.Subresource) + Query.Of(options),
            Body(target, ContentTypes.Apply), T.JsonType, cancel);

    /// <summary>Server-side apply of any manifest; its kind is looked up at the server.</summary>
    /// <exception cref="KubeApiException">Among others 404 when the server has no such kind.</exception>
    public async Task<JsonElement> ApplyAsync(JsonObject manifest, ApplyOptions options, CancellationToken cancel = default)
    {
        var (kind, key) = await ResolveAsync(manifest, cancel);
        var body = JsonSerializer.SerializeToUtf8Bytes(manifest, KubeJson.Default.JsonObject);
        return await _transport.SendAsync("apply", HttpMethod.Patch, Path(kind, key, options.Subresource) + Query.Of(options),
            Content(body, ContentTypes.Apply), KubeJson.Default.JsonElement, cancel);
    }

    /// <summary>
    /// Creates an object. When it has a name, a lost answer is retried and the object that then already exists is
    /// returned as if it were created now.
    /// </summary>
    public async Task<T> CreateAsync<T>(
        T target, bool dryRun = false, string? fieldManager = null, CancellationToken cancel = default)
        where T : class, IKubeObject<T>
    {
        var key = target.Metadata.Key;
        var path = T.Kind.CollectionPath(key.Namespace) + Query.OfCreate(dryRun, fieldManager);
        using var request = Transport.Request("create", HttpMethod.Post, path, Body(target, ContentTypes.Json));
        var named = !string.IsNullOrEmpty(key.Name);
        request.Options.Set(RequestOptions.Repeatable, named);
        try
        {
            return await _transport.SendAsync(request, T.JsonType, cancel);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists && named && RequestOptions.WasRepeated(request))
        {
            return await GetAsync<T>(key, cancel);
        }
    }

    /// <summary>Replaces an object; the resource version in its metadata is the precondition.</summary>
    public Task<T> UpdateAsync<T>(T target, string? subresource = null, CancellationToken cancel = default)
        where T : class, IKubeObject<T> =>
        _transport.SendAsync("update", HttpMethod.Put, Path(T.Kind, target.Metadata.Key, subresource),
            Body(target, ContentTypes.Json), T.JsonType, cancel);

    /// <summary>JSON merge patch; a resourceVersion inside it is a precondition.</summary>
    public Task<T> MergePatchAsync<T>(
        ObjectKey key, JsonElement patch, string? subresource = null, CancellationToken cancel = default)
        where T : class, IKubeObject<T> =>
        _transport.SendAsync("patch", HttpMethod.Patch, Path(T.Kind, key, subresource),
            Content(patch, ContentTypes.MergePatch), T.JsonType, cancel);

    /// <summary>JSON merge patch of any kind.</summary>
    public Task<JsonElement> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource = null, CancellationToken cancel = default) =>
        _transport.SendAsync("patch", HttpMethod.Patch, Path(kind, key, subresource),
            Content(patch, ContentTypes.MergePatch), KubeJson.Default.JsonElement, cancel);

    /// <summary>Deletes an object; 404 is an exception, 409 means that a precondition did not hold.</summary>
    public Task DeleteAsync<T>(ObjectKey key, DeleteOptions? options = null, CancellationToken cancel = default)
        where T : class, IKubeObject<T> => DeleteAsync(T.Kind, key, options, cancel);

    /// <inheritdoc cref="DeleteAsync{T}"/>
    public async Task DeleteAsync(
        ResourceKind kind, ObjectKey key, DeleteOptions? options = null, CancellationToken cancel = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(DeleteBody.Of(options), ClientJson.Default.DeleteBody);
        using var request = Transport.Request("delete", HttpMethod.Delete, kind.ObjectPath(key), Content(body, ContentTypes.Json));
        using var response = await _transport.SendAsync(request, cancel);
    }

    /// <summary>Any kind, as JSON.</summary>
    public Task<JsonElement> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancel = default) =>
        GetJsonAsync(kind.ObjectPath(key), cancel);

    /// <summary>GET of a path below the server's address, as JSON.</summary>
    public Task<JsonElement> GetJsonAsync(string path, CancellationToken cancel = default) =>
        _transport.SendAsync("get", HttpMethod.Get, path, null, KubeJson.Default.JsonElement, cancel);

    /// <summary>
    /// Any request below the server's address (proxy subresource, logs), sent once. The answer is returned whatever
    /// its code and its body is not yet read; the caller disposes it and bounds the time.
    /// </summary>
    public Task<HttpResponseMessage> RawAsync(
        HttpMethod method, string path, HttpContent? content = null, CancellationToken cancel = default) =>
        _transport.SendRawAsync(method, path, content, cancel);

    /// <summary>The kind that the server serves under these names.</summary>
    /// <exception cref="KubeApiException">404 when there is none.</exception>
    public Task<ResourceKind> ResolveAsync(string apiVersion, string kind, CancellationToken cancel = default) =>
        _discovery.ResolveAsync(apiVersion, kind, cancel);

    /// <summary>Kind and key of a manifest; a namespaced one without a namespace goes to the context's namespace.</summary>
    public async Task<(ResourceKind Kind, ObjectKey Key)> ResolveAsync(JsonObject manifest, CancellationToken cancel = default)
    {
        var head = ManifestHead.Of(manifest);
        var kind = await _discovery.ResolveAsync(head.ApiVersion, head.Kind, cancel);
        var ns = kind.Namespaced ? head.Namespace ?? Config.Namespace : "";
        return (kind, new ObjectKey(ns, head.Name));
    }

    public Task<ServerVersion> ServerVersionAsync(CancellationToken cancel = default) =>
        _transport.SendAsync("get", HttpMethod.Get, "/version", null, ClientJson.Default.ServerVersion, cancel);

    public void Dispose() => _transport.Dispose();

    private static string Path(ResourceKind kind, ObjectKey key, string? subresource) =>
        subresource is null ? kind.ObjectPath(key) : $"{kind.ObjectPath(key)}/{subresource}";

    private static ByteArrayContent Body<T>(T target, MediaTypeHeaderValue type)
        where T : class, IKubeObject<T> => Content(JsonSerializer.SerializeToUtf8Bytes(target, T.JsonType), type);

    private static ByteArrayContent Content(JsonElement body, MediaTypeHeaderValue type) =>
        Content(JsonSerializer.SerializeToUtf8Bytes(body, KubeJson.Default.JsonElement), type);

    private static ByteArrayContent Content(byte[] body, MediaTypeHeaderValue type) =>
        new(body) { Headers = { ContentType = type } };
}
