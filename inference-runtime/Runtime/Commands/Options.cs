using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Sluice.Contract;

namespace Sluice.Runtime.Commands;

/// <summary>Options that are also environment variables: --some-name is SLUICE_SOME_NAME, and the command line wins.</summary>
internal static class Options
{
    /// <summary>Timers go no further than 49 days.</summary>
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(31);

    public static string Variable(string option) =>
        "SLUICE_" + option.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    public static Option<string?> Text(string name, string description) =>
        Make(name, description, static text => text, null);

    public static Option<int> Number(string name, string description, int fallback) =>
        Make(
            name,
            description,
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new FormatException("is not a whole number from 0"),
            fallback);

    /// <summary>Not an option of bool, of which the parser takes no word but true and false.</summary>
    public static Option<OnOff> Switch(string name, string description, OnOff fallback) =>
        Make(
            name,
            description,
            text => text switch
            {
                "on" or "true" => OnOff.On,
                "off" or "false" => OnOff.Off,
                _ => throw new FormatException("is neither on nor off"),
            },
            fallback);

    public static Option<IPEndPoint> EndPoint(string name, string description, int port) =>
        Make(name, description, ParseEndPoint, new IPEndPoint(IPAddress.Any, port));

    /// <summary>A number above 0.</summary>
    public static Option<double> Fraction(string name, string description, double fallback, double most = double.MaxValue) =>
        Make(
            name,
            description,
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number > 0 && number <= most
                ? number
                : throw new FormatException(most == double.MaxValue ? "is not a number above 0" : $"is not a number above 0, up to {most}"),
            fallback);

    /// <summary>One of some words; null when none is given.</summary>
    public static Option<string?> Word(string name, string description, params IReadOnlyList<string> words) =>
        Make<string?>(
            name,
            $"{description} One of {string.Join(", ", words)}.",
            text => words.Contains(text) ? text : throw new FormatException($"is none of {string.Join(", ", words)}"),
            null);

    /// <summary>Such as 500ms, 5s, 1h30m; a bare number is seconds.</summary>
    public static Option<TimeSpan> Duration(string name, string description, TimeSpan fallback) =>
        Make(name, description, ParseDuration, fallback);

    /// <summary>Bytes, such as 65536, 64Ki, 64Mi, 2Gi.</summary>
    public static Option<long> Size(string name, string description, long fallback) =>
        Make(name, description, ParseSize, fallback);

    /// <exception cref="FailureException">Nothing was said.</exception>
    public static string Given(string? value, string option) => value is { Length: > 0 }
        ? value
        : throw new FailureException(TerminationReasons.InvalidOptions, $"{option} (or {Variable(option)}) is missing.");

    public static Option<string?> TerminationLog() =>
        Text("--termination-log", $"Where a failure is written as one JSON line; by default {Termination.DefaultLog} if it exists.");

    public static Option<string?> Golden() => Text(
        "--golden", $"Requests and the answers that the model must give: a file, or a folder with {ReferenceFiles.Golden}; by default the one beside the model.");

    public static Option<string?> Baseline() => Text(
        "--baseline", $"The distributions that requests and answers are compared with: a file, or a folder with {ReferenceFiles.Baseline}; by default the one beside the model.");

    public static Option<string?> Expectations() => Text(
        "--expectations", "What the features are expected to be: a list as a ModelVersion has it, in JSON, or a file with one.");

    internal static IPEndPoint ParseEndPoint(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? string.Empty : text[..colon];
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            throw new FormatException("is not HOST:PORT");
        var address = host switch
        {
            "" or "*" => IPAddress.Any,
            "localhost" => IPAddress.Loopback,
            _ => IPAddress.TryParse(host.Trim('[', ']'), out var parsed)
                ? parsed
                : throw new FormatException("needs an IP address, localhost or * before the port"),
        };
        return new IPEndPoint(address, port);
    }

    internal static TimeSpan ParseDuration(string text)
    {
        var total = 0.0;
        var rest = text.AsSpan();
        do
        {
            var digits = rest.IndexOfAny('m', 's', 'h');
            var number = digits < 0 ? rest : rest[..digits];
            var (unit, length) = digits < 0 ? (1.0, 0) : rest[digits..] switch
            {
                ['m', 's', ..] => (0.001, 2),
                ['s', ..] => (1.0, 1),
                ['m', ..] => (60.0, 1),
                ['h', ..] => (3600.0, 1),
                _ => (double.NaN, 0),
            };
            total += double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value * unit : double.NaN;
            rest = rest[(number.Length + length)..];
        }
        while (rest.Length > 0 && double.IsFinite(total));
        return total < LongestTime.TotalSeconds
            ? TimeSpan.FromSeconds(total)
            : throw new FormatException($"is not a duration such as 500ms, 5s, 2m or 1h30m, below {LongestTime.TotalDays:0} days");
    }

    internal static long ParseSize(string text)
    {
        var (number, unit) = text switch
        {
            _ when text.EndsWith("Ki", StringComparison.Ordinal) => (text[..^2], 1L << 10),
            _ when text.EndsWith("Mi", StringComparison.Ordinal) => (text[..^2], 1L << 20),
            _ when text.EndsWith("Gi", StringComparison.Ordinal) => (text[..^2], 1L << 30),
            _ => (text, 1L),
        };
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value <= long.MaxValue / unit
            ? value * unit
            : throw new FormatException("is not a size in bytes such as 65536 or 64Mi");
    }

    private static Option<T> Make<T>(string name, string description, Func<string, T> parse, T fallback)
    {
        var variable = Variable(name);
        return new Option<T>(name)
        {
            Description = $"{description} Also {variable}.",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Parse(result, name, result.Tokens[^1].Value, parse),
            DefaultValueFactory = result => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
                ? Parse(result, variable, value, parse)!
                : fallback,
        };
    }

    private static T? Parse<T>(ArgumentResult result, string name, string value, Func<string, T> parse)
    {
        try
        {
            return parse(value);
        }
        catch (FormatException e)
        {
            result.AddError($"{name}: \"{value}\" {e.Message}.");
            return default;
        }
    }
}
