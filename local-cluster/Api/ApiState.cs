using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Storage;

namespace Sluice.LocalCluster.Api;

/// <summary>What every part of the API server works on.</summary>
/// <param name="Store">The objects.</param>
/// <param name="Kinds">The kinds that are served.</param>
/// <param name="Clock">The time of day.</param>
/// <param name="Folder">The cluster's folder, where the kubelet writes the logs of pods.</param>
internal sealed record ApiState(ObjectStore Store, KindRegistry Kinds, TimeProvider Clock, string Folder)
{
    public DateTimeOffset Now => Clock.GetUtcNow();

    public IKind Kind(string group, string plural) =>
        Kinds.Find(group, plural) ?? throw new InvalidOperationException($"the kind of {plural}.{group} is built in");
}
