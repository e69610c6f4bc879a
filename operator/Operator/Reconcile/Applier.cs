using System.Text.Json;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Rollouts;

namespace Sluice.Operator.Reconcile;

/// <summary>
/// Writes the objects of one pass, one after the other, each only when it is not as wanted. An object that cannot be
/// written is an obstacle and does not keep the others from being written; trouble on the way to the server ends the pass.
/// </summary>
internal sealed class Applier(KubeClient client, WriteMemory memory, ServiceView view, Fence fence) : IWantedVisitor<bool>
{
    readonly Dictionary<(ResourceKind, ObjectKey), IKubeObject> present =
        view.Children.ToDictionary(static c => (c.ResourceKind, c.Metadata.Key));

    readonly List<Failure> obstacles = [];

    public IReadOnlyList<Failure> Obstacles => obstacles;

    /// <summary>An object must go before it can be made again; its going brings the next pass.</summary>
    public bool Waiting { get; private set; }

    public async Task ApplyAsync(IEnumerable<WantedObject> wanted, CancellationToken cancel)
    {
        foreach (var item in wanted)
            await item.Accept(this, cancel);
    }

    public async Task<bool> VisitAsync<T>(WantedObject<T> wanted, CancellationToken cancel)
        where T : KubeObject<T>, IKubeObject<T>
    {
        var live = present.GetValueOrDefault((T.Kind, wanted.Key)) as T;
        if (live is { Metadata.DeletionTimestamp: null } && view.Owns(live) && memory.IsAsWanted(wanted.Target, live) && !NeedsRescue(wanted, live))
            return false;
        await fence.ConfirmAsync(cancel);
        try
        {
            return live is null ? await CreateAsync(wanted, cancel) : await OverwriteAsync(wanted, cancel);
        }
        catch (KubeApiException e) when (e.IsInvalid || e.IsForbidden)
        {
            obstacles.Add(Refused(wanted, e));
            return false;
        }
    }

    async Task<bool> CreateAsync<T>(WantedObject<T> wanted, CancellationToken cancel)
        where T : KubeObject<T>, IKubeObject<T>
    {
        T made;
        try
        {
            made = await client.CreateAsync(wanted.Initial ?? wanted.Target, fieldManager: FieldManagers.Objects, cancel: cancel);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            return await OverwriteAsync(wanted, cancel);
        }

        // An answer that was lost is read again by name, and by then another's object may bear it.
        if (!view.Owns(made))
            obstacles.Add(Foreign(wanted, made.Metadata));
        memory.Remember(wanted.Target, made);
        return true;
    }

    async Task<bool> OverwriteAsync<T>(WantedObject<T> wanted, CancellationToken cancel)
        where T : KubeObject<T>, IKubeObject<T>
    {
        JsonElement json;
        try
        {
            json = await client.GetAsync(T.Kind, wanted.Key, cancel);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return await CreateAsync(wanted, cancel);
        }

        var live = json.Deserialize(T.JsonType)!;
        var fields = new ManagedFields(json);
        if (IsDying(live.Metadata))
        {
            Waiting = true;
            return false;
        }

        if (!view.Owns(live) && !IsAdoptable(live.Metadata, fields))
        {
            obstacles.Add(Foreign(wanted, live.Metadata));
            return false;
        }

        if (memory.IsAsWanted(wanted.Target, live) && view.Owns(live) && !NeedsRescue(wanted, live))
            return false;
        if (live is ControllerRevision record && wanted.Target is ControllerRevision ours)
            await FrozenRecords.RestoreAsync(client, ours, record, cancel);
        else
            await WriteAsync(wanted, live, fields, cancel);
        return true;
    }

    async Task WriteAsync<T>(WantedObject<T> wanted, T live, ManagedFields fields, CancellationToken cancel)
        where T : KubeObject<T>, IKubeObject<T>
    {
        if (fields.Migration(FieldManagers.Objects) is { } migration)
        {
            var json = await client.MergePatchAsync(T.Kind, wanted.Key, migration, cancel: cancel);
            live = json.Deserialize(T.JsonType)!;
            fields = new ManagedFields(json);
        }

        if (live is Deployment deployment && wanted.Target is Deployment { Spec.Replicas: null } && wanted.Initial is Deployment initial)
            await ReplicasHandover.RunAsync(client, deployment, initial, fields, cancel);
        if (wanted.Over is { } over)
        {
            await WriteOverAsync(over(live), live, cancel);
            return;
        }

        var target = wanted.Target with { Metadata = wanted.Target.Metadata with { Uid = live.Metadata.Uid } };
        memory.Remember(wanted.Target, await client.ApplyAsync(target, FieldManagers.Objects, cancel));
    }

    /// <summary>What was made of what is there is written only while that is still there.</summary>
    async Task WriteOverAsync<T>(T target, T live, CancellationToken cancel)
        where T : KubeObject<T>, IKubeObject<T>
    {
        var metadata = target.Metadata with { Uid = live.Metadata.Uid, ResourceVersion = live.Metadata.ResourceVersion };
        try
        {
            await client.ApplyAsync(target with { Metadata = metadata }, FieldManagers.Objects, cancel);
        }
        catch (KubeApiException e) when (e.IsConflict)
        {
            throw new StaleViewException($"{T.Kind.Kind} {target.Metadata.Key} has changed since it was looked at.");
        }
    }

    /// <summary>An autoscaler leaves a Deployment of no pods alone for ever.</summary>
    static bool NeedsRescue<T>(WantedObject<T> wanted, T live)
        where T : KubeObject<T>, IKubeObject<T> =>
        live is Deployment { Spec.Replicas: 0 } && wanted.Target is Deployment { Spec.Replicas: null };

    /// <summary>On its way out, or left by a service of the same name that was deleted and is about to be collected.</summary>
    bool IsDying(ObjectMeta meta) =>
        meta.DeletionTimestamp is not null
        || (meta.Controller is { } owner && owner.RefersTo(InferenceService.Kind) && owner.Name == view.Name && owner.Uid != view.Service.Metadata.Uid);

    /// <summary>Ours by every mark but the owner reference: somebody cut it off, or deleted the service and kept its children.</summary>
    bool IsAdoptable(ObjectMeta meta, ManagedFields fields) =>
        meta.Controller is null && meta.Label(Labels.Service) == view.Name && fields.Has(FieldManagers.Objects);

    static Failure Foreign(WantedObject wanted, ObjectMeta live)
    {
        var owner = live.Controller is { } controller ? $"belongs to {controller.Kind} '{controller.Name}'" : "was not made by Sluice";
        return new Failure(
            Reasons.NameTaken,
            $"{wanted.Kind.Kind} '{wanted.Key.Name}' in namespace '{wanted.Key.Namespace}' {owner} and is left as it is, but this service needs the name. "
            + $"Delete or rename that {wanted.Kind.Kind}, or give the InferenceService another name.",
            Final: true);
    }

    /// <summary>In words that name the object.</summary>
    public static Failure Refused(WantedObject wanted, KubeApiException error) => new(
        error.IsForbidden ? Reasons.Forbidden : Reasons.Rejected,
        $"{wanted.Kind.Kind} '{wanted.Key.Name}' cannot be written: {Shortened(error.Status?.Message ?? error.Message)}",
        Final: true);

    /// <summary>Refusals quote the refused value, which may be a whole pod; what is wrong with it stands at the end.</summary>
    static string Shortened(string message) => message.Length <= 700 ? message : $"{message[..300]} … {message[^380..]}";
}
