using Sluice.Kubernetes.Client;
using Sluice.Operator.Api;

namespace Sluice.Operator.Reconcile;

/// <summary>
/// Stands before the first write of a pass: what was decided on must still be what the API holds. A cache that lags, or
/// a former leader that has not noticed, would otherwise move users to a revision that is gone.
/// </summary>
internal sealed class Fence(KubeClient client, InferenceService decidedOn)
{
    bool confirmed;

    /// <exception cref="StaleViewException">The object is another one by now.</exception>
    public async Task ConfirmAsync(CancellationToken cancel)
    {
        if (confirmed)
            return;
        var key = decidedOn.Metadata.Key;
        var json = await client.GetAsync(InferenceService.Kind, key, cancel);
        var version = json.GetProperty("metadata").GetProperty("resourceVersion").GetString();
        if (version != decidedOn.Metadata.ResourceVersion)
            throw new StaleViewException($"InferenceService {key} has changed since it was looked at.");
        confirmed = true;
    }

    /// <summary>A write that carried the version as its precondition succeeded.</summary>
    public void Passed() => confirmed = true;
}

/// <summary>The cache is behind; the event that brings it forward brings the next pass.</summary>
internal sealed class StaleViewException(string message) : Exception(message);
