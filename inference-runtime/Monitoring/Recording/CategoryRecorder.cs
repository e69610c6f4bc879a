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

    /// <summary>Bytes; a longer text is no category, and is counted among what is cut.</summary>
    public const int LengthLimit = 64;

    private readonly string name;
    private readonly Categories expected;
    private readonly long[] counts;
    private readonly NovelNames names;
    private long[] novelCounts = [];
    private Categories? novel;
    private long missing;
    private long cut;

    public CategoryRecorder(string name, ImmutableArray<string> expected)
        : this(name, new Categories(expected), new NovelNames(NovelLimit))
    {
    }

    private CategoryRecorder(string name, Categories expected, NovelNames names)
    {
        (this.name, this.expected, this.names) = (name, expected, names);
        counts = new long[expected.Count];
    }

    public override void Add(long value)
    {
        if (expected.Find(value) is var index and >= 0)
            counts[index]++;
        else if (novel?.Find(value) is { } known and >= 0)
            novelCounts[known]++;
        else if (HasRoom())
            AddNovel(value.ToString(CultureInfo.InvariantCulture));
        else
            cut++;
    }

    public override void Add(double value)
    {
        if (double.IsNaN(value))
            missing++;
        else if (Math.Abs(value) < long.MaxValue && Math.Floor(value) == value)
            Add((long)value);
        else
            AddText(value);
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
        if (expected.Find(value) is var index and >= 0)
            counts[index]++;
        else if (novel?.Find(value) is { } known and >= 0)
            novelCounts[known]++;
        else if (HasRoom())
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
            [.. expected.Values.Select((value, i) => new CategoryCount(value, counts[i]))],
            (novel?.Values ?? []).Select((value, i) => KeyValuePair.Create(value, novelCounts[i]))
                .ToImmutableSortedDictionary(StringComparer.Ordinal),
            cut);
        names.Return(novel?.Count ?? 0);
        (missing, cut, novel) = (0, 0, null);
        Array.Clear(counts);
        Array.Clear(novelCounts);
        return taken;
    }

    public override FeatureRecorder Another(NovelNames names) => new CategoryRecorder(name, expected, names);

    private void AddText(double value)
    {
        Span<byte> text = stackalloc byte[LengthLimit];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        Add(text[..length]);
    }

    private bool HasRoom() => (novel is null || novel.Count < NovelLimit) && names.TryTake();

    private void AddNovel(string value)
    {
        if (novel is null)
            (novel, novelCounts) = (new Categories([]), novelCounts.Length > 0 ? novelCounts : new long[NovelLimit]);
        novelCounts[novel.Add(value)] = 1;
    }
}
