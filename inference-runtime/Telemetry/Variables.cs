using System.Globalization;

namespace Sluice.Telemetry;

/// <summary>Variables by their type; what does not fit is refused by name, where the SDK would go on without it.</summary>
internal readonly struct Variables(Func<string, string?> read)
{
    /// <summary>Empty is unset.</summary>
    public string? Text(string name) => read(name)?.Trim() is { Length: > 0 } text ? text : null;

    public bool Flag(string name) => Text(name) switch
    {
        null => false,
        var text when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        var text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        var text => throw new TelemetryException($"{name} is '{text}'; it has to be true or false."),
    };

    public int Number(string name, int otherwise) => Text(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new TelemetryException($"{name} is '{text}'; it has to be a whole number above 0.");

    public double Share(string name) => Text(name) is not { } text ? 1
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1 ? share
        : throw new TelemetryException($"{name} is '{text}'; it has to be a number from 0 to 1.");

    /// <summary>KEY=VALUE,KEY=VALUE with values percent-encoded.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string name)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var pair in (Text(name) ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            // Headers hold keys of people: the message says which entry, not what is in it.
            if (at <= 0)
                throw new TelemetryException($"{name} has as number {pairs.Count + 1} an entry that is not KEY=VALUE.");
            pairs.Add(new(pair[..at].TrimEnd(), Uri.UnescapeDataString(pair[(at + 1)..].TrimStart())));
        }

        return pairs;
    }
}
