using System.Net;

namespace Sluice.LocalCluster.Kubelet;

/// <summary>
/// Loopback addresses for pods, 127.80.0.0/12: on Linux all of 127.0.0.0/8 can be bound without being set up. The first
/// one is drawn at random, so that two clusters on one machine do not meet, and a freed one is used again only after all
/// the others, so that nobody who still holds an old address reaches a new pod.
/// </summary>
internal sealed class AddressPool
{
    private const uint Base = 127u << 24 | 80u << 16;
    private const int Size = 1 << 20;
    private readonly Lock _lock = new();
    private readonly HashSet<int> _used = [];
    private int _next;

    internal AddressPool(Random random) => _next = random.Next(Size);

    internal string Take()
    {
        lock (_lock)
        {
            for (var i = 0; i < Size; i++)
            {
                var candidate = _next;
                _next = (_next + 1) % Size;
                // .0 and .255 work as well, and look wrong to people and to some programs.
                if ((candidate & 0xff) is not (0 or 0xff) && _used.Add(candidate))
                    return Text(candidate);
            }
        }
        throw new InvalidOperationException("all loopback addresses for pods are in use");
    }

    internal void Release(string address)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        lock (_lock)
            _used.Remove((int)((uint)(bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3]) - Base));
    }

    private static string Text(int index)
    {
        var address = Base + (uint)index;
        return $"{address >> 24}.{address >> 16 & 0xff}.{address >> 8 & 0xff}.{address & 0xff}";
    }
}
