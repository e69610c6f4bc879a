using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Storage.Http;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Mlflow;

/// <summary>A registered version.</summary>
internal sealed record MlflowVersion(string Name, string Number, string? Run);

/// <summary>Where something's files are, and the run that made it.</summary>
internal sealed record MlflowPlace(string ArtifactUri, string? Run);

/// <summary>A tracking server's REST API (mlflow.org/docs/latest/rest-api.html), as far as reading a model needs it.</summary>
internal sealed class MlflowServer(WebStorage web, Credentials credentials)
{
    private const int MostParameters = 48;
    private const int LongestParameter = 250;

    /// <summary>With '/' at its end.</summary>
    public Uri Address { get; } = Parse(credentials.Get("MLFLOW_TRACKING_URI"));

    public Task<MlflowVersion> VersionAsync(string name, string version, CancellationToken cancellation) =>
        AskAsync($"model-versions/get?name={Escape(name)}&version={Escape(version)}", Version, cancellation);

    public Task<MlflowVersion> AliasAsync(string name, string alias, CancellationToken cancellation) =>
        AskAsync($"registered-models/alias?name={Escape(name)}&alias={Escape(alias)}", Version, cancellation);

    public Task<string> DownloadUriAsync(MlflowVersion version, CancellationToken cancellation) => AskAsync(
        $"model-versions/get-download-uri?name={Escape(version.Name)}&version={Escape(version.Number)}",
        static json => Needed(json, "artifact_uri"),
        cancellation);

    public Task<MlflowPlace> LoggedModelAsync(string id, CancellationToken cancellation) => AskAsync(
        $"logged-models/{Escape(id)}",
        static json => new MlflowPlace(Needed(json, "model", "info", "artifact_uri"), json.Text("model", "info", "source_run_id")),
        cancellation);

    public Task<MlflowPlace> RunAsync(string run, CancellationToken cancellation) =>
        AskAsync($"runs/get?run_id={Escape(run)}", json => new MlflowPlace(Needed(json, "run", "info", "artifact_uri"), run), cancellation);

    /// <summary>What a run was given; a bounded part of it.</summary>
    public Task<List<KeyValuePair<string, string>>> ParametersAsync(string run, CancellationToken cancellation) => AskAsync<List<KeyValuePair<string, string>>>(
        $"runs/get?run_id={Escape(run)}",
        static json =>
        [
            .. json.GetProperty("run").GetProperty("data").Items("params").Take(MostParameters)
                .Select(static p => KeyValuePair.Create(Needed(p, "key"), p.Text("value") ?? ""))
                .Select(static p => KeyValuePair.Create(p.Key, p.Value.Length > LongestParameter ? p.Value[..LongestParameter] + "…" : p.Value)),
        ],
        cancellation);

    /// <summary>A request to this server, with its credentials.</summary>
    /// <param name="pathAndQuery">Escaped, without '/' in front.</param>
    public WebRequest Request(string pathAndQuery) => new(new Uri(Address, pathAndQuery))
    {
        Authorize = Access(),
        // It says INVALID_PARAMETER_VALUE of an alias or a version that is not there.
        BadRequestMeans = TerminationReasons.NotFound,
        Explain = static (_, body) => JsonAnswer.TextOf(body, "message"),
    };

    private async Task<T> AskAsync<T>(string method, Func<JsonElement, T> read, CancellationToken cancellation) =>
        JsonAnswer.Read(await web.BytesAsync(Request($"api/2.0/mlflow/{method}"), cancellation), $"the answer of {Address.Authority}", read);

    private static MlflowVersion Version(JsonElement json) => new(
        Needed(json, "model_version", "name"),
        Needed(json, "model_version", "version"),
        json.Text("model_version", "run_id") is { Length: > 0 } run ? run : null);

    private Authorize? Access()
    {
        var value = credentials.Get("MLFLOW_TRACKING_TOKEN") is { } token ? $"Bearer {token}"
            : credentials.Get("MLFLOW_TRACKING_USERNAME") is { } user ? HttpCredentials.Basic(user, credentials.Get("MLFLOW_TRACKING_PASSWORD") ?? "")
            : null;
        return value is null ? null : (request, _) =>
        {
            request.Headers.TryAddWithoutValidation("Authorization", value);
            return Task.CompletedTask;
        };
    }

    private static string Needed(JsonElement json, params ReadOnlySpan<string> path) =>
        json.Text(path) ?? throw new FormatException($"{path[^1]} is missing");

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private static Uri Parse(string? text) => text is null
        ? throw new FailureException(
            TerminationReasons.InvalidOptions, "models:/ and runs:/ need a tracking server: set MLFLOW_TRACKING_URI in the Secret of credentials.secretName, to https://HOST.")
        : Uri.TryCreate(text.TrimEnd('/') + '/', UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new FailureException(TerminationReasons.InvalidOptions, $"MLFLOW_TRACKING_URI is \"{text}\"; write https://HOST[:PORT].");
}
