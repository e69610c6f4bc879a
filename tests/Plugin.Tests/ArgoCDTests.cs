using System.Text.Json.Nodes;
using Sluice.Operator.Api;
using Sluice.Plugin.Edits;
using Sluice.Plugin.Hosting;
using Sluice.Plugin.Status;
using Sluice.Plugin.Tests.Support;

namespace Sluice.Plugin.Tests;

/// <summary>Whoever presses a button of Argo CD and whoever types a command gets the same. The fixtures are Argo CD's.</summary>
public sealed class ArgoCDTests
{
    [Fact]
    public void Each_state_is_what_the_health_check_says()
    {
        foreach (var test in Sample.ArgoCD("health_test.yaml")["tests"]!.AsArray())
        {
            var input = (string)test!["inputPath"]!;

            var state = ServiceState.Of(Sample.Service(Sample.ArgoCD(input)));

            state.Why.Should().Be((string?)test["healthStatus"]!["message"], input);
            Health(state).Should().Be((string?)test["healthStatus"]!["status"], input);
        }
    }

    [Fact]
    public void Each_command_makes_the_edit_of_the_action()
    {
        foreach (var test in Sample.ArgoCD("actions/action_test.yaml")["actionTests"]!.AsArray())
        {
            var json = Sample.ArgoCD((string)test!["inputPath"]!);
            var edit = Make((string)test["action"]!, Sample.Service(json));
            var expected = test["expectedSpec"]!.ToJsonString().Replace("\"NOW\"", "\"2026-03-01T12:00:00Z\"", StringComparison.Ordinal);

            Merge(json, edit.Patch);

            JsonNode.DeepEquals(json["spec"], JsonNode.Parse(expected)).Should().BeTrue($"{edit.Action} makes {json["spec"]!.ToJsonString()}, not {expected}");
            edit.Changes.Should().NotBeEmpty();
        }
    }

    [Fact]
    public void A_command_is_refused_where_the_action_is_disabled()
    {
        string[] commands = ["promote", "pause", "resume", "abort", "retry"];
        foreach (var test in Sample.ArgoCD("actions/action_test.yaml")["discoveryTests"]!.AsArray())
        {
            var service = Sample.Service(Sample.ArgoCD((string)test!["inputPath"]!));
            var enabled = test["enabled"]!.AsArray().Select(static e => (string)e!).ToArray();

            foreach (var command in commands)
            {
                var making = FluentActions.Invoking(() => Make(command, service));
                if (enabled.Contains(command))
                    making.Should().NotThrow($"{command} is enabled for {test["inputPath"]}");
                else
                    making.Should().Throw<PluginException>($"{command} is disabled for {test["inputPath"]}").Which.Code.Should().Be(ExitCodes.NotNow);
            }
        }
    }

    static string Health(ServiceState state) => state.ExitCode switch
    {
        ExitCodes.Done => "Healthy",
        ExitCodes.UnderWay => "Progressing",
        ExitCodes.WaitsForPerson => "Suspended",
        _ => "Degraded",
    };

    static Edit Make(string action, InferenceService service) => action switch
    {
        "promote" => EditFor.Promote(service, throughStep: null),
        "pause" => EditFor.Pause(service),
        "resume" => EditFor.Resume(service),
        "abort" => EditFor.Abort(service),
        _ => EditFor.Retry(service, Sample.Now),
    };

    /// <summary>RFC 7396.</summary>
    static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject inner)
            {
                if (target[name] is not JsonObject)
                    target[name] = new JsonObject();
                Merge(target[name]!.AsObject(), inner);
            }
            else
                target[name] = value.DeepClone();
        }
    }
}
