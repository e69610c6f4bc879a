using System.Globalization;

namespace Sluice.Monitoring.Recording;

/// <summary>Category names by number, found by text or, where one is the text of a whole number, by that.</summary>
internal sealed class Categories
{
    private readonly List<string> values = [];
    private readonly Dictionary<string, int> byText = [];
    private readonly Dictionary<long, int> byNumber = [];

    public Categories(IEnumerable<string> values)
    {
        foreach (var value in values)
            Add(value);
    }

    public int Count => values.Count;

    public IReadOnlyList<string> Values => values;

    /// <returns>-1 when there is none.</returns>
    public int Find(long number) => byNumber.TryGetValue(number, out var index) ? index : -1;

    /// <returns>-1 when there is none.</returns>
    public int Find(ReadOnlySpan<char> text) =>
        byText.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var index) ? index : -1;

    /// <returns>Its number.</returns>
    public int Add(string value)
    {
        var index = values.Count;
        values.Add(value);
        byText.Add(value, index);
        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == value)
        {
            byNumber.Add(number, index);
        }
        return index;
    }
}
