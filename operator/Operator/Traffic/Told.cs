using System.Globalization;

namespace Sluice.Operator.Traffic;

/// <summary>What a pod's annotation says: which split it was told of, and when.</summary>
internal readonly record struct Told(long Generation, DateTimeOffset Time)
{
    public static Told? Read(string? text)
    {
        var at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        return at > 0
            && long.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            && DateTimeOffset.TryParse(text.AsSpan(at + 1), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new Told(generation, time)
            : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Generation}@{Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}");
}
