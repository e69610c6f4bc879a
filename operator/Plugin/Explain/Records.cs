using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Records;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Explain;

/// <summary>Finds what the operator wrote down of an attempt.</summary>
internal static class Records
{
    /// <summary>Null when there is none, which is so for the first version of a service and for attempts of long ago.</summary>
    /// <exception cref="PluginException">It cannot be read.</exception>
    public static async Task<Recorded?> FindAsync(Session session, InferenceService service, int attempt)
    {
        var key = new ObjectKey(session.Namespace, Names.Attempt(service.Key.Name, attempt));
        var map = await session.Client.FindAsync<ConfigMap>(key, session.Cancel);
        if (map is null || map.Metadata.Controller?.Uid != service.Metadata.Uid)
            return null;
        try
        {
            return Recorded.Of(RecordText.Of(map));
        }
        catch (InvalidDataException e)
        {
            throw new PluginException(ExitCodes.Failed, $"The record in ConfigMap {key} cannot be read: {e.Message} Use the kubectl-sluice of the operator's version.", e);
        }
    }

    /// <summary>As <see cref="FindAsync"/>; an explanation without the record is better than none, so what is wrong with it is only said.</summary>
    public static async Task<Recorded?> TryFindAsync(Session session, InferenceService service, int attempt)
    {
        try
        {
            return await FindAsync(session, service, attempt);
        }
        catch (Exception e) when (e is PluginException or KubeApiException { IsForbidden: true })
        {
            await session.Terminal.Error.WriteLineAsync($"kubectl-sluice: the record of attempt {attempt} is left out: {e.Message}");
            return null;
        }
    }
}
