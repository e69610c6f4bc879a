using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>CPU and memory of the containers.</summary>
internal static class ResourcesFor
{
    /// <summary>An autoscaler that follows a share of the request needs one, and the scheduler needs a number.</summary>
    static readonly (string Name, Quantity Amount)[] Defaults = [("cpu", "100m"), ("memory", "128Mi")];

    public static ResourceRequirements Render(ResourcesSpec? wished)
    {
        var requests = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var (name, amount) in wished?.Requests ?? new Dictionary<string, Quantity>())
            requests[name] = amount;
        foreach (var (name, amount) in Defaults)
        {
            // Kubernetes takes the limit for the request where only that is given.
            if (wished?.Limits?.ContainsKey(name) is not true)
                requests.TryAdd(name, amount);
        }

        return new ResourceRequirements { Requests = requests, Limits = wished?.Limits };
    }
}
