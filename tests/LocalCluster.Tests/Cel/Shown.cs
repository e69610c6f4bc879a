using System.Globalization;
using Sluice.LocalCluster.Cel.Values;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Tests.Cel;

/// <summary>Values in the notation of the recorded answers.</summary>
static class Shown
{
    public static string Of(object? value) => value switch
    {
        string text => GoText.Quote(text),
        CelBytes bytes => $"b\"{string.Concat(bytes.Content.ToArray().Select(Byte))}\"",
        ulong number => number.ToString(CultureInfo.InvariantCulture) + "u",
        CelOptional { HasValue: false } => "none",
        CelOptional some => $"some({Of(some.Value)})",
        CelTimestamp moment => "ts " + CelText.Rfc3339(moment),
        CelDuration span => "dur " + GoDuration.Format(span.Nanoseconds),
        CelList list => $"[{string.Join(", ", list.Items.Select(Of))}]",
        CelMap map => $"map {map.Count}",
        null => "NULL_VALUE",
        _ => CelText.Of(value),
    };

    static string Byte(byte value) => value is >= 0x20 and < 0x7f ? ((char)value).ToString() : $@"\x{value:x2}";
}
