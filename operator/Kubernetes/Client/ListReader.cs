using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Client;

/// <summary>Reads a list item by item, so that one that does not fit its type costs only itself.</summary>
internal static class ListReader
{
    public static async Task<KubeList<T>> ReadAsync<T>(Stream body, CancellationToken cancel)
        where T : class, IKubeObject<T>
    {
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancel);
        var root = document.RootElement;
        var meta = root.TryGetProperty("metadata", out var metadata)
            ? metadata.Deserialize(KubeJson.Default.ListMeta)
            : null;
        List<T> items = [];
        List<BrokenObject> broken = [];
        // Go writes a nil slice as null.
        if (root.TryGetProperty("items", out var array) && array.ValueKind == JsonValueKind.Array)
        {
            items.Capacity = array.GetArrayLength();
            foreach (var element in array.EnumerateArray())
            {
                var (item, error) = ObjectReader.Read<T>(element);
                if (item is not null)
                    items.Add(item);
                else
                    broken.Add(error!);
            }
        }

        var next = string.IsNullOrEmpty(meta?.Continue) ? null : meta.Continue;
        return new KubeList<T>(items, broken, meta?.ResourceVersion ?? "", next, meta?.RemainingItemCount);
    }
}
