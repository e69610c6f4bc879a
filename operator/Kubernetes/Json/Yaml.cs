using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sluice.Kubernetes.Json;

/// <summary>YAML as JSON, the way the Kubernetes tools read it. Works on parser events, so without reflection.</summary>
public static class Yaml
{
    /// <summary>The documents of a text; empty ones are left out.</summary>
    /// <param name="text">One or more YAML documents.</param>
    /// <param name="plainText">Keep every scalar as text instead of guessing numbers, booleans and null.</param>
    /// <exception cref="FormatException">Not YAML; says line and column.</exception>
    public static IReadOnlyList<JsonNode> Read(string text, bool plainText = false)
    {
        var documents = new List<JsonNode>();
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            while (parser.Accept<DocumentStart>(out _))
            {
                parser.Consume<DocumentStart>();
                if (new YamlDocument(parser, plainText).Read() is { } root)
                    documents.Add(root);
                parser.Consume<DocumentEnd>();
            }
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}, column {e.Start.Column}: {e.InnerException?.Message ?? e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // The scanner gives up so on some flow collections that are never closed.
            throw new FormatException($"after line {parser.Current?.End.Line ?? 1}: a bracket or a brace is not closed", e);
        }

        return documents;
    }
}

/// <summary>One document: anchors live as long as it does.</summary>
internal sealed partial class YamlDocument(IParser parser, bool plainText)
{
    // Aliases multiply; a small text must not become a large tree.
    private const int MaxNodes = 200_000;
    private readonly Dictionary<AnchorName, JsonNode?> _anchors = [];
    private int _nodes;

    public JsonNode? Read()
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Resolve(alias);
        if (!parser.Accept<NodeEvent>(out var start))
            throw Bad(parser.Current, "a value is missing");
        Count(1, start);
        JsonNode? node = start switch
        {
            MappingStart => ReadMapping(),
            SequenceStart => ReadSequence(),
            _ => ReadScalar(parser.Consume<Scalar>()),
        };
        if (!start.Anchor.IsEmpty)
            _anchors[start.Anchor] = node;
        return node;
    }

    private JsonObject ReadMapping()
    {
        parser.Consume<MappingStart>();
        var result = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
                throw Bad(parser.Current, "a key must be plain text");
            var value = Read();
            if (key is { Value: "<<", IsPlainImplicit: true } && value is JsonObject merged)
                Merge(result, merged);
            else if (!result.TryAdd(key.Value, value))
                throw Bad(key, $"the key '{key.Value}' is there twice");
        }

        return result;
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
            into.TryAdd(name, value?.DeepClone());
    }

    private JsonArray ReadSequence()
    {
        parser.Consume<SequenceStart>();
        var result = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
            result.Add(Read());
        return result;
    }

    private JsonValue? ReadScalar(Scalar scalar)
    {
        var text = scalar.Value;
        var plain = scalar is { Style: ScalarStyle.Plain, IsPlainImplicit: true };
        if (!plain && scalar.Tag.IsEmpty || !plain && scalar.Tag == "tag:yaml.org,2002:str" || scalar.Tag == "!")
            return JsonValue.Create(text);
        if (text is "" or "~" or "null" or "Null" or "NULL")
            return null;
        return plainText ? JsonValue.Create(text) : Guess(text);
    }

    private static JsonValue Guess(string text)
    {
        switch (text)
        {
            case "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF":
                return JsonValue.Create(false);
        }

        // File modes are written so: 0644 is octal, as in YAML 1.1.
        if (Octal().IsMatch(text))
            return JsonValue.Create(Convert.ToInt64(text.Replace("o", "", StringComparison.Ordinal), 8));
        if (Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        if (text.StartsWith("0x", StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
        {
            return JsonValue.Create(hex);
        }

        return Number().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            ? JsonValue.Create(real)
            : JsonValue.Create(text);
    }

    private JsonNode? Resolve(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var node))
            throw Bad(alias, $"the alias *{alias.Value} refers to nothing");
        Count(Size(node), alias);
        return node?.DeepClone();
    }

    private static int Size(JsonNode? node) => node switch
    {
        JsonObject members => 1 + members.Sum(static m => Size(m.Value)),
        JsonArray items => 1 + items.Sum(Size),
        _ => 1,
    };

    private void Count(int nodes, ParsingEvent at)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes)
            throw Bad(at, $"more than {MaxNodes} values");
    }

    private static YamlException Bad(ParsingEvent? at, string message) =>
        new(at?.Start ?? Mark.Empty, at?.End ?? Mark.Empty, message);

    [GeneratedRegex("^0o?[0-7]{1,18}$")]
    private static partial Regex Octal();

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*)$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();
}
