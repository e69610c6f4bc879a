using System.Globalization;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Probes;

/// <summary>Ports by number or by name.</summary>
internal static class Ports
{
    /// <summary>Null when the container has no port of that name.</summary>
    internal static int? Resolve(Container container, IntOrString port) =>
        port.IsNumber ? port.Number
        : container.Ports?.FirstOrDefault(p => p.Name == port.Text)?.Number is { } named ? named
        : int.TryParse(port.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}
