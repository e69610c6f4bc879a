using System.CommandLine;
using System.Text.Json;
using Sluice.Operator.Api;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Edits;

/// <summary>The commands that change a spec. Each does what one edit of the manifest does, and says which.</summary>
internal static class EditCommands
{
    public static Command Promote(CommandFactory factory)
    {
        var through = new Option<int?>("--through-step") { Description = "Approve up to this step only, counted from 0.", HelpName = "STEP" };
        through.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var step) && step is < 0 or > 31)
                result.AddError($"--through-step: {step} is no step; the first is 0, the last possible is 31.");
        });
        return Create(factory, "promote", "Approves the candidate that is there now: sets rollout.approve, removes canaryTrafficPercent.",
            (service, parsed, _) => EditFor.Promote(service, parsed.GetValue(through)), through);
    }

    public static Command Pause(CommandFactory factory) => Create(factory, "pause",
        "Holds the rollout where it is: sets rollout.paused. Going back still works.", static (service, _, _) => EditFor.Pause(service));

    public static Command Resume(CommandFactory factory) => Create(factory, "resume",
        "Lets a paused rollout go on: removes rollout.paused.", static (service, _, _) => EditFor.Resume(service));

    public static Command Abort(CommandFactory factory) => Create(factory, "abort",
        "Takes the candidate back that is there now: sets rollout.abort.", static (service, _, _) => EditFor.Abort(service));

    public static Command Retry(CommandFactory factory) => Create(factory, "retry",
        "Lets a candidate that failed or was aborted try again: changes rollout.retry.", static (service, _, now) => EditFor.Retry(service, now));

    static Command Create(CommandFactory factory, string name, string description, Func<InferenceService, ParseResult, DateTimeOffset, Edit> make, params Option[] more)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be changed, and change nothing." };
        return factory.OnService(name, description, async (session, service, parsed) =>
        {
            var (before, managers) = await session.WithManagersAsync(service);
            var edit = make(before, parsed, session.Now);
            var dry = parsed.GetValue(dryRun);
            if (!dry && edit.Changes.Count > 0)
                await session.Client.MergePatchAsync<InferenceService>(before.Key, JsonSerializer.SerializeToElement(edit.Patch, PluginJson.Default.JsonObject), cancel: session.Cancel);
            var report = new EditReport
            {
                Action = edit.Action,
                Namespace = before.Key.Namespace,
                Name = before.Key.Name,
                DryRun = dry,
                Changes = edit.Changes,
                Meaning = edit.Meaning,
                Notes = GitOps.Notes(before.Metadata, managers, edit),
            };
            await session.PrintAsync(report, PluginJson.Default.EditReport, () => EditText.Render(report, session.Palette));
            return ExitCodes.Done;
        }, [factory.Shared.Output, dryRun, .. more]);
    }
}
