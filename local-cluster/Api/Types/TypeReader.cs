using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Api.Types;

/// <summary>
/// Reads type declarations. A file starts with <c>package FULLNAME</c>; an unindented line names a type, an indented line
/// is a field: <c>name number type flags</c>. Types are written as in Go (<c>*</c> pointer, <c>[]</c> list, <c>map:</c>
/// map of strings to). Flags: <c>required</c>; <c>always</c> (printed when empty); <c>map(k1,k2)</c>, <c>set</c>,
/// <c>atomic</c> for server-side apply; <c>merge</c>, <c>merge(key)</c>, <c>replace</c>, <c>retainKeys</c> for strategic merge patches;
/// <c>enum(A,B)</c>; <c>=default</c>. <c># text</c> above a type or behind a field describes it.
/// </summary>
internal sealed class TypeReader
{
    readonly Dictionary<string, ObjectType> types = new(StringComparer.Ordinal);
    readonly List<(ObjectType Type, Package Package, List<string> Lines)> pending = [];

    public void Read(string packageName, string text)
    {
        var lines = text.Split('\n');
        var package = new Package(packageName, lines[0]["package ".Length..].Trim());
        var description = "";
        foreach (var line in lines.Skip(1).Where(line => line.Trim().Length > 0))
        {
            if (line.StartsWith('#'))
                description = line[1..].Trim();
            else if (char.IsWhiteSpace(line[0]))
                pending[^1].Lines.Add(line.Trim());
            else
            {
                Declare(package, line.Trim(), description);
                description = "";
            }
        }
    }

    public IReadOnlyDictionary<string, ObjectType> Finish()
    {
        foreach (var (type, package, lines) in pending)
            type.Declared = [.. lines.Select(line => FieldOf(package, line))];
        return types;
    }

    void Declare(Package package, string header, string description)
    {
        var words = header.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var type = new ObjectType(package, words[0]) { Atomic = words.Contains("atomic"), Description = description };
        types.Add($"{package.Name}.{words[0]}", type);
        pending.Add((type, package, []));
    }

    Field FieldOf(Package package, string line)
    {
        var comment = line.IndexOf(" # ", StringComparison.Ordinal);
        var description = comment < 0 ? "" : line[(comment + 3)..].Trim();
        var words = (comment < 0 ? line : line[..comment]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var type = TypeOf(package, words[2].TrimStart('*'));
        var field = new Field(words[0], int.Parse(words[1], CultureInfo.InvariantCulture), type)
        {
            Pointer = words[2].StartsWith('*'),
            Inline = words[0] == "inline",
            Description = description,
        };
        return words.Skip(3).Aggregate(field, Flagged);
    }

    static Field Flagged(Field field, string flag)
    {
        var open = flag.IndexOf('(', StringComparison.Ordinal);
        string[] arguments = open < 0 || flag[0] == '=' ? [] : flag[(open + 1)..^1].Split(',');
        var name = open < 0 || flag[0] == '=' ? flag : flag[..open];
        return name switch
        {
            "required" => field with { Required = true, Always = true },
            "always" => field with { Always = true },
            "map" => field with { ListType = "map", ListKeys = arguments },
            "set" or "atomic" => field with { ListType = name },
            "merge" => field with { Merge = true, MergeKey = arguments.FirstOrDefault() },
            "replace" => field with { Replace = true },
            "retainKeys" => field with { RetainKeys = true },
            "enum" => field with { Enum = arguments },
            _ when name[0] == '=' => field with { Default = DefaultOf(field.Type.Shape, name[1..]) },
            _ => throw new FormatException($"field {field.Name}: unknown flag {flag}"),
        };
    }

    static JsonValue DefaultOf(Shape shape, string text) => shape switch
    {
        Shape.Bool => JsonValue.Create(text == "true"),
        Shape.Int32 or Shape.Int64 => JsonValue.Create(long.Parse(text, CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(text),
    };

    ValueType TypeOf(Package package, string text)
    {
        if (text.StartsWith("[]", StringComparison.Ordinal))
            return new ValueType(Shape.List, Element: TypeOf(package, text[2..]));
        if (text.StartsWith("map:", StringComparison.Ordinal))
            return new ValueType(Shape.Map, Element: TypeOf(package, text[4..]));
        return text switch
        {
            "string" => new(Shape.String),
            "bytes" => new(Shape.Bytes),
            "bool" => new(Shape.Bool),
            "int32" => new(Shape.Int32),
            "int64" => new(Shape.Int64),
            "number" => new(Shape.Number),
            "quantity" => new(Shape.Quantity),
            "intOrString" => new(Shape.IntOrString),
            "time" => new(Shape.Time),
            "microTime" => new(Shape.MicroTime),
            "object" => new(Shape.AnyObject),
            "any" => new(Shape.Any),
            _ => new(Shape.Object, types[text.Contains('.', StringComparison.Ordinal) ? text : $"{package.Name}.{text}"]),
        };
    }
}
