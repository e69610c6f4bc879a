using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Informers;

/// <summary>Pages of one list until the last has come; nothing of it is visible before.</summary>
internal sealed class ListBuffer<T>
{
    public List<T> Items { get; } = [];

    public List<BrokenObject> Broken { get; } = [];

    public string? Continue { get; private set; }

    /// <summary>Of the first page: all pages are of that moment.</summary>
    public string ResourceVersion { get; private set; } = "";

    /// <summary>The next list is asked for without pages.</summary>
    public bool InOnePiece { get; set; }

    public void Add(KubeList<T> page)
    {
        if (Continue is null)
            ResourceVersion = page.ResourceVersion;
        Items.AddRange(page.Items);
        Broken.AddRange(page.Broken);
        Continue = page.Continue;
    }

    public void Clear()
    {
        Items.Clear();
        Broken.Clear();
        Continue = null;
    }
}
