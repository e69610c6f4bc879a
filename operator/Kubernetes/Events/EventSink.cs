using System.Text.Json;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Events;

/// <summary>Writes an entry: as a new event, or as a higher count of the one that is there.</summary>
internal sealed class EventSink(KubeClient client)
{
    /// <returns>What was done, for metrics.</returns>
    public async Task<string> WriteAsync(EventEntry entry, string component, string instance, CancellationToken cancel)
    {
        if (entry.Told > 0)
        {
            try
            {
                return await CountAsync(entry, cancel);
            }
            catch (KubeApiException e) when (e.IsNotFound)
            {
                // Events expire after an hour: this one is told as new.
                entry.Told = 0;
            }
        }

        return await CreateAsync(entry, component, instance, cancel);
    }

    private async Task<string> CreateAsync(EventEntry entry, string component, string instance, CancellationToken cancel)
    {
        var untold = entry.Untold;
        try
        {
            await client.CreateAsync(New(entry, component, instance), cancel: cancel);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // From before a restart. Its count goes on.
            var present = await client.GetAsync<Event>(Key(entry), cancel);
            entry.Told = Math.Max(present.Series?.Count ?? 1, 1);
            return await CountAsync(entry, cancel);
        }

        entry.Told = untold;
        entry.Untold -= untold;
        return "created";
    }

    private async Task<string> CountAsync(EventEntry entry, CancellationToken cancel)
    {
        var untold = entry.Untold;
        var total = entry.Told + untold;
        var patch = new SeriesPatch { Series = new EventSeries { Count = total, LastObservedTime = entry.Latest.At } };
        await client.MergePatchAsync<Event>(Key(entry), JsonSerializer.SerializeToElement(patch, ClientJson.Default.SeriesPatch), null, cancel);
        entry.Told = total;
        entry.Untold -= untold;
        return "counted";
    }

    private static Event New(EventEntry entry, string component, string instance)
    {
        var first = entry.First;
        return new Event
        {
            Metadata = new ObjectMeta { Namespace = first.Namespace, Name = first.Name },
            EventTime = first.At,
            Type = first.Type,
            Reason = EventText.Cut(first.Reason, EventText.MaxWord),
            Action = EventText.Cut(first.Action, EventText.MaxWord),
            Note = first.Note,
            Regarding = first.Regarding,
            ReportingController = component,
            ReportingInstance = EventText.Cut(instance, EventText.MaxWord),
            // The API wants at least 2 in a series.
            Series = entry.Untold < 2 ? null : new EventSeries { Count = entry.Untold, LastObservedTime = entry.Latest.At },
        };
    }

    private static ObjectKey Key(EventEntry entry) => new(entry.First.Namespace, entry.First.Name);
}

/// <summary>The only part of an event that may change after it was created.</summary>
internal sealed record SeriesPatch
{
    public required EventSeries Series { get; init; }
}
