using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api;
using Sluice.Plugin.Hosting;
using Sluice.Plugin.Rendering;

namespace Sluice.Plugin.Conversion;

/// <summary><c>convert</c>: manifests to standard output, what a person must know to standard error. Asks no cluster.</summary>
internal static class ConvertCommand
{
    public static Command Create(CommandFactory factory)
    {
        var file = Files.Option("--filename", "-f", "Manifests of KServe or Seldon, in YAML or JSON. '-' reads standard input.");
        var version = new Option<string>("--version-name") { Description = "What the versions of the models are called.", DefaultValueFactory = static _ => "1", HelpName = "TEXT" };
        var credentials = new Option<string?>("--credentials") { Description = "The Secret that the models are fetched with.", HelpName = "SECRET" };
        var strategy = new Option<string?>("--strategy") { Description = "How later versions roll out. Default: at once, but for a SeldonDeployment that divides requests.", HelpName = "STRATEGY" };
        strategy.AcceptOnlyFromAmong(Enum.GetNames<RolloutStrategy>());
        var strict = new Option<bool>("--strict") { Description = "End with exit code 6 when something was lost or is to be done by hand." };
        var command = new Command("convert", "Writes InferenceServices of KServe, SeldonDeployments and Models of Seldon Core 2 as InferenceServices and ModelVersions of Sluice, and says what it could not carry over.")
        {
            file, version, credentials, strategy, strict, factory.Shared.Output,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetValue(file)!;
            var options = new ConversionOptions(parsed.GetValue(version)!, parsed.GetValue(credentials), parsed.GetValue(strategy));
            var (converted, others) = Origin.ConvertAll(await Files.ReadAsync(path, factory.Terminal, cancel), Files.Named(path), options);
            await factory.Terminal.Out.WriteAsync(factory.Shared.IsJson(parsed) ? Json(converted) : Text(converted));
            await factory.Terminal.Error.WriteAsync(Notes(converted, others, new Palette(factory.Terminal.HasColours)));
            return parsed.GetValue(strict) && converted.Any(static c => c.Notes.Any(static n => n.Kind != NoteKind.Changed)) ? ExitCodes.NotCarriedOver : ExitCodes.Done;
        });
        return command;
    }

    internal static string Text(IEnumerable<Converted> converted) => string.Concat(converted.SelectMany(static c => c.Manifests)
        .Select(static (m, i) => (i == 0 ? "" : "---\n") + YamlText.Of(JsonSerializer.SerializeToElement(m, KubeJson.Default.JsonObject))));

    static string Json(IEnumerable<Converted> converted) => PluginJson.Text(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "List",
        ["items"] = new JsonArray([.. converted.SelectMany(static c => c.Manifests)]),
    }, PluginJson.Default.JsonObject);

    internal static string Notes(IEnumerable<Converted> converted, IReadOnlyList<string> others, Palette palette)
    {
        var text = new StringBuilder();
        foreach (var service in converted)
        {
            foreach (var note in service.Notes)
            {
                var kind = note.Kind switch { NoteKind.ToDo => palette.Bad(note.Kind), NoteKind.Lost => palette.Busy(note.Kind), _ => palette.Faint(note.Kind) };
                text.Append(service.Name).Append(": ").Append(kind).Append(": ").Append(note.Path).Append(": ").Append(note.Message).Append('\n');
            }
        }

        foreach (var other in others)
            text.Append("left out: ").Append(other).Append('\n');
        return text.ToString();
    }
}
