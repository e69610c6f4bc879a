using System.Text.Json.Nodes;

namespace Sluice.Delivery.Tests.ArgoCD;

/// <summary>The buttons of Argo CD: which there are in each state, and what they change.</summary>
public sealed class ActionTests
{
    const string Kind = "InferenceService";

    static JsonObject Fixtures { get; } = Customization.Read(Kind, "actions/action_test.yaml");

    [Fact]
    public async Task Only_what_makes_sense_can_be_pressed()
    {
        foreach (var test in Fixtures["discoveryTests"]!.AsArray())
        {
            var input = test!["inputPath"]!.ToString();

            var actions = await Lua.RunAsync(Customization.File(Kind, "actions/discovery.lua"), Customization.Read(Kind, input));

            actions.Select(static a => a.Key).Should().BeEquivalentTo(Customization.Actions(Kind));
            actions.Where(static a => !a.Value!["disabled"]!.GetValue<bool>()).Select(static a => a.Key)
                .Should().BeEquivalentTo(test["enabled"]!.AsArray().Select(static e => e!.ToString()), input);
        }
    }

    [Fact]
    public async Task An_action_changes_the_spec_and_nothing_else()
    {
        foreach (var test in Fixtures["actionTests"]!.AsArray())
        {
            var action = test!["action"]!.ToString();
            var before = Customization.Read(Kind, test["inputPath"]!.ToString());
            var expected = before.DeepClone().AsObject();
            expected["spec"] = test["expectedSpec"]!.DeepClone();

            var after = await Lua.RunAsync(Customization.File(Kind, $"actions/{action}/action.lua"), before);

            if (expected["spec"]!["rollout"]?["retry"] is not null)
            {
                after["spec"]!["rollout"]!["retry"]!.ToString().Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$");
                expected["spec"]!["rollout"]!["retry"] = after["spec"]!["rollout"]!["retry"]!.DeepClone();
            }

            JsonNode.DeepEquals(after, expected).Should().BeTrue($"{action} makes\n{after}\nnot\n{expected}");
        }
    }
}
