using System.Collections;

namespace Sluice.Monitoring.Feedback;

/// <summary>
/// Remembers that keys were there, in two bytes each: a Bloom filter in two generations, of which the older is dropped
/// when the younger is full. Of keys that never were there, one in a thousand seems to have been.
/// </summary>
internal sealed class ForgottenKeys(int capacity)
{
    private const int BitsPerKey = 16;
    private const int Probes = 6;

    private readonly long room = 4L * capacity;
    private BitArray young = new(4 * capacity * BitsPerKey);
    private BitArray old = new(4 * capacity * BitsPerKey);
    private long count;

    public void Add(ulong key)
    {
        if (count++ >= room)
        {
            (young, old) = (old, young);
            young.SetAll(false);
            count = 1;
        }
        for (var i = 0; i < Probes; i++)
            young[Place(key, i)] = true;
    }

    public bool Has(ulong key) => Has(young, key) || Has(old, key);

    private bool Has(BitArray bits, ulong key)
    {
        for (var i = 0; i < Probes; i++)
        {
            if (!bits[Place(key, i)])
                return false;
        }
        return true;
    }

    private int Place(ulong key, int probe) => (int)((key + ((ulong)probe * ((key >> 32) | 1))) % (ulong)young.Length);
}
