using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Status;
using Sluice.Operator.Tests.Support;

namespace Sluice.Operator.Tests.Golden;

/// <summary>
/// Folders of what goes in (<c>in.yaml</c>, <c>observed.yaml</c>) and what must come out (<c>out/</c>,
/// <c>status.yaml</c>). UPDATE_GOLDEN=1 writes what comes out; the diff is for review.
/// </summary>
public sealed class GoldenTests
{
    const string Image = "registry.example/sluice-runtime:1";
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Folder()).Select(static d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_comes_out_is_what_was_reviewed(string name)
    {
        var folder = Path.Combine(Folder(), name);
        var observed = File.Exists(Path.Combine(folder, "observed.yaml")) ? File.ReadAllText(Path.Combine(folder, "observed.yaml")) : "";
        var view = Manifests.View(File.ReadAllText(Path.Combine(folder, "in.yaml")), observed);
        var route = Manifests.Route(view, observed);
        view = view with { Route = route.Live };
        var intent = Intent.Of(view, Manifests.Reading(view), route, Image, Now);
        var status = StatusFor.Render(intent.Status(view, Manifests.Reading(view), route, route.Problem is { } problem ? [problem] : []), Now);

        var made = intent.Wanted.Select(Rendered).ToDictionary();
        made["status.yaml"] = YamlText.Of(JsonSerializer.SerializeToElement(status, ApiJson.Default.InferenceServiceStatus));
        made["removed.txt"] = string.Concat(Pruner.Superfluous(view, intent.Wanted).Select(static r => $"{r.ResourceKind.Kind} {r.Metadata.Name}\n"));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            Write(folder, made);
        Read(folder).Should().BeEquivalentTo(made);
    }

    static KeyValuePair<string, string> Rendered(WantedObject wanted)
    {
        var json = wanted.Accept(new ToJson(), default).GetAwaiter().GetResult();
        return new($"out/{wanted.Kind.Kind.ToLowerInvariant()}-{wanted.Key.Name}.yaml", YamlText.Of(json));
    }

    static void Write(string folder, Dictionary<string, string> made)
    {
        if (Directory.Exists(Path.Combine(folder, "out")))
            Directory.Delete(Path.Combine(folder, "out"), recursive: true);
        Directory.CreateDirectory(Path.Combine(folder, "out"));
        foreach (var (file, text) in made)
            File.WriteAllText(Path.Combine(folder, file), text);
    }

    static Dictionary<string, string> Read(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(folder, f))
        .Where(static f => f is not ("in.yaml" or "observed.yaml"))
        .ToDictionary(static f => f, f => File.ReadAllText(Path.Combine(folder, f)));

    static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    sealed class ToJson : IWantedVisitor<JsonElement>
    {
        public Task<JsonElement> VisitAsync<T>(WantedObject<T> wanted, CancellationToken cancel)
            where T : KubeObject<T>, IKubeObject<T> => Task.FromResult(JsonSerializer.SerializeToElement(wanted.Target, T.JsonType));
    }
}
