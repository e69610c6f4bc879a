using Sluice.Runtime.Hosting;

namespace Sluice.Runtime.Models;

/// <summary>
/// Whether a model's calls are so short that whoever reads a request may as well run it. One slow call takes that back at
/// once; it is given again after several short ones in a row, and only for inputs no larger than theirs.
/// </summary>
internal sealed class RunPace
{
    public const int Row = 16;

    /// <summary>Seconds; forty times what it costs to hand a call over to another thread.</summary>
    public const double Short = 0.0002;

    private int shortOnes;
    private long largest;

    /// <param name="input">Bytes that the next call takes.</param>
    public bool IsShort(long input) => Volatile.Read(ref shortOnes) >= Row && input <= Volatile.Read(ref largest);

    /// <param name="seconds">That the model ran.</param>
    /// <param name="input">Bytes that it took.</param>
    /// <param name="output">Bytes that it gave.</param>
    public void Ran(double seconds, long input, long output)
    {
        // Of calls that end at the same time one may go uncounted; the next ones make up for it.
        var now = Volatile.Read(ref shortOnes);
        if (seconds >= Short || Math.Max(input, output) > EventThread.SmallBytes)
        {
            if (now == 0)
                return;
            Volatile.Write(ref shortOnes, 0);
            Volatile.Write(ref largest, 0);
            return;
        }
        if (now < Row)
            Volatile.Write(ref shortOnes, now + 1);
        if (input > Volatile.Read(ref largest))
            Volatile.Write(ref largest, input);
    }
}
