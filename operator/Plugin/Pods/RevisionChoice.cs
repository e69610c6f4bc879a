using Sluice.Operator.Api;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Pods;

/// <summary><c>--revision</c>: stable, candidate, or a revision by its name.</summary>
internal static class RevisionChoice
{
    public const string Stable = "stable";
    public const string Candidate = "candidate";

    /// <summary>The revision's name; null when none was asked for.</summary>
    /// <exception cref="PluginException">There is none in that role.</exception>
    public static string? Resolve(InferenceService service, string? asked) => asked switch
    {
        null => null,
        Stable => service.Status?.Stable?.Revision ?? throw None(service, Stable),
        Candidate => service.Status?.Candidate?.Revision ?? throw None(service, Candidate),
        _ => asked,
    };

    static PluginException None(InferenceService service, string role) => new(ExitCodes.NotFound,
        $"{service.Key.Namespace}/{service.Key.Name} has no {role} at the moment. 'kubectl sluice status {service.Key.Name} -n {service.Key.Namespace}' shows its revisions.");
}
