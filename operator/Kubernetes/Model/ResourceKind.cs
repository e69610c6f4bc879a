namespace Sluice.Kubernetes.Model;

/// <summary>Names one kind of the API. <c>Group</c> is empty for the core group.</summary>
public readonly record struct ResourceKind(string Group, string Version, string Kind, string Plural, bool Namespaced = true)
{
    /// <summary><c>v1</c> or <c>apps/v1</c>, as manifests write it.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>URL path of the collection, or of all namespaces when <paramref name="ns"/> is empty.</summary>
    public string CollectionPath(string? ns = null)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        return !Namespaced || string.IsNullOrEmpty(ns)
            ? $"{root}/{Plural}"
            : $"{root}/namespaces/{Uri.EscapeDataString(ns)}/{Plural}";
    }

    /// <summary>URL path of one object.</summary>
    /// <exception cref="ArgumentException">A namespaced kind and a key without a namespace, or no name.</exception>
    public string ObjectPath(ObjectKey key)
    {
        if (string.IsNullOrEmpty(key.Name))
            throw new ArgumentException($"{Kind} needs a metadata.name.", nameof(key));
        if (Namespaced && key.Namespace.Length == 0)
            throw new ArgumentException($"{Kind} {key.Name} needs a metadata.namespace.", nameof(key));
        return $"{CollectionPath(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
    }

    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
