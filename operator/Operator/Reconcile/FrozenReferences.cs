using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Desired;
using Sluice.Rollouts;

namespace Sluice.Operator.Reconcile;

/// <summary>
/// Copies the golden answers and the baseline of a revision before its first pod: what people do to their ConfigMaps later
/// neither stops pods that serve from starting again, nor takes the way back its proof.
/// </summary>
internal sealed class FrozenReferences(KubeClient client, ServiceView view, Fence fence)
{
    /// <summary>Makes the copies of every revision that has no Deployment yet.</summary>
    /// <param name="records">By revision.</param>
    /// <param name="wanted">What is about to be written.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>What could not be copied, by revision: without it no pod may start.</returns>
    public async Task<IReadOnlyDictionary<string, Failure>> EnsureAsync(
        IReadOnlyDictionary<string, KnownRecord> records, IEnumerable<WantedObject> wanted, CancellationToken cancel)
    {
        var problems = new Dictionary<string, Failure>();
        foreach (var revision in wanted.Select(static w => w.Target).OfType<Deployment>().Select(static d => d.Metadata.Name!))
        {
            if (view.Deployments.Any(d => d.Metadata.Name == revision) || !records.TryGetValue(revision, out var known))
                continue;
            foreach (var copy in ReferenceCopyFor.Of(revision, known.Record.Inputs))
            {
                if (await EnsureAsync(copy, revision, cancel) is { } problem)
                    problems[revision] = problem;
            }
        }

        return problems;
    }

    async Task<Failure?> EnsureAsync(ReferenceCopyFor copy, string revision, CancellationToken cancel)
    {
        var key = view.Service.Metadata.Key;
        if (view.ConfigMaps.Any(c => c.Metadata.Name == copy.Name) || await client.FindAsync<ConfigMap>(key with { Name = copy.Name }, cancel) is not null)
            return null;
        // Where the source is gone there is nothing to hold the pods to: they say so themselves.
        if (await client.FindAsync<ConfigMap>(key with { Name = copy.Source }, cancel) is not { } source
            || await client.FindAsync<ControllerRevision>(key with { Name = revision }, cancel) is not { } record
            || copy.Render(view.Service, record, source) is not { } wanted)
            return null;
        await fence.ConfirmAsync(cancel);
        try
        {
            await client.CreateAsync(wanted, fieldManager: FieldManagers.Objects, cancel: cancel);
            return null;
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            return null;
        }
        catch (KubeApiException e) when (e.IsInvalid || e.IsForbidden)
        {
            return Applier.Refused(WantedObject.Of(wanted), e);
        }
    }
}
