using System.CommandLine;
using Sluice.Operator.Api;

namespace Sluice.Plugin.Hosting;

/// <summary>Options that take a length of time.</summary>
internal static class Durations
{
    public static Option<TimeSpan?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Duration.TryParse(text, out var duration))
                return duration.Value;
            result.AddError($"{name}: '{text}' is not a duration; write 500ms, 10s, 5m or 1h30m.");
            return null;
        },
    };
}
