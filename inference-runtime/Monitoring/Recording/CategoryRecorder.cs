using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Recording;

/// <summary>Collects one feature of categories: texts, whole numbers or truth values. One thread at a time.</summary>
public sealed class CategoryRecorder : FeatureRecorder
{
    /// <summary>Categories beside the expected ones that are told by name.</summary>
    public const int NovelLimit = 32;

    /// <summary>A longer text is no category; it is counted among what is cut.</summary>
    public const int LengthLimit = 64;

    private readonly string name;
    private readonly ImmutableArray<string> expected;
    private readonly Dictionary<string, int> indexes = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> byText;
    private readonly Dictionary<long, int> byNumber = [];
    private readonly List<string> novel = [];
    private readonly long[] counts;
    private long missing;
    private long cut;

    public CategoryRecorder(string name, ImmutableArray<string> expected)
    {
        (this.name, this.expected) = (name, expected);
        counts = new long[expected.Length + NovelLimit];
        byText = indexes.GetAlternateLookup<ReadOnlySpan<char>>();
        Expect();
    }

    public void Add(long value)
    {
        if (byNumber.TryGetValue(value, out var index))
            counts[index]++;
        else if (novel.Count < NovelLimit)
            AddNovel(value.ToString(CultureInfo.InvariantCulture));
        else
            cut++;
    }

    public override void Add(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            missing++;
            return;
        }
        if (text.Length > LengthLimit)
        {
            cut++;
            return;
        }
        Span<char> chars = stackalloc char[LengthLimit];
        var value = chars[..Encoding.UTF8.GetChars(text, chars)];
        if (byText.TryGetValue(value, out var index))
            counts[index]++;
        else if (novel.Count < NovelLimit)
            AddNovel(value.ToString());
        else
            cut++;
    }

    public override void AddMissing(long rows) => missing += rows;

    public override FeatureProfile Take()
    {
        var taken = new CategoryProfile(
            name,
            missing,
            [.. expected.Select((value, i) => new CategoryCount(value, counts[i]))],
            novel.Select((value, i) => KeyValuePair.Create(value, counts[expected.Length + i])).ToImmutableSortedDictionary(StringComparer.Ordinal),
            cut);
        (missing, cut) = (0, 0);
        Array.Clear(counts);
        if (novel.Count > 0)
            Expect();
        return taken;
    }

    private void Expect()
    {
        novel.Clear();
        indexes.Clear();
        byNumber.Clear();
        for (var i = 0; i < expected.Length; i++)
            Index(expected[i], i);
    }

    private void AddNovel(string value)
    {
        var index = expected.Length + novel.Count;
        novel.Add(value);
        Index(value, index);
        counts[index]++;
    }

    private void Index(string value, int index)
    {
        indexes[value] = index;
        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == value)
        {
            byNumber.Add(number, index);
        }
    }
}
