using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>
/// Checks values against schemas as the API server's OpenAPI validation does, with its messages. Pure; the order of the
/// findings follows the order of the checks, where the real server's depends on hash maps.
/// </summary>
/// <param name="prefix">Path that the fields are reported under, while the sentences know only the path below it.</param>
internal sealed class ValueValidation(string? prefix)
{
    readonly Problems problems = new(prefix);

    public IReadOnlyList<FieldError> Run(JsonNode? value, SchemaNode schema, Correlation? correlation) =>
        [.. Check(value, schema, "", correlation).Problems.Select(p => p.Error)];

    Verdict Check(JsonNode? value, SchemaNode schema, string path, Correlation? correlation)
    {
        var verdict = CheckFresh(value, schema, path, correlation);
        return !verdict.IsValid && correlation is { Unchanged: true } ? verdict.Forgiven() : verdict;
    }

    Verdict CheckFresh(JsonNode? value, SchemaNode schema, string path, Correlation? correlation)
    {
        var verdict = new Verdict();
        if (schema.Type.Length > 0 || schema.IntOrString || schema.Limits.Format.Length > 0)
            Part(verdict, CheckType(value, schema, path), counted: value is not null);
        if (value is null)
        {
            verdict.Merge(CheckEnum(value, schema.Limits, path));
            return verdict;
        }
        Part(verdict, CheckCombinations(value, schema.Limits, path, correlation));
        switch (JsonShape.TypeOf(value))
        {
            case "string":
                Part(verdict, CheckString(value.GetValue<string>(), schema, path));
                CheckFormat(verdict, value.GetValue<string>(), schema, path);
                break;
            case "integer" or "number":
                Part(verdict, new NumberCheck(problems, schema, path).Run(value));
                break;
            case "array":
                Part(verdict, CheckArray(value.AsArray(), schema, path, correlation));
                break;
        }
        Part(verdict, CheckEnum(value, schema.Limits, path));
        if (value is JsonObject obj)
            Part(verdict, CheckObject(obj, schema, path, correlation));
        verdict.Count();
        return verdict;
    }

    static void Part(Verdict verdict, Verdict? part, bool counted = true)
    {
        verdict.Merge(part);
        if (counted)
            verdict.Count();
    }

    Verdict CheckType(JsonNode? value, SchemaNode schema, string path)
    {
        var verdict = new Verdict();
        var problem = TypeProblem(value, schema, path);
        verdict.Add(problem);
        if (problem is null)
            verdict.Count();
        return verdict;
    }

    Problem? TypeProblem(JsonNode? value, SchemaNode schema, string path)
    {
        var wanted = schema.IntOrString ? "integer,string" : schema.Type;
        var actual = JsonShape.TypeOf(value);
        if (actual == "null")
            return wanted.Length > 0 && !schema.Nullable ? problems.Type(path, wanted, actual) : null;
        var format = Formats.Effective(schema.Limits.Format, schema.IntOrString ? "" : schema.Type);
        var fits = wanted.Split(',').Contains(actual)
            || (actual == "integer" && wanted == "number")
            || (actual == "number" && wanted is "integer" or "integer,string" && NumberCheck.IsWhole(JsonShape.Number(value!)));
        // Where a format is set, text is left to the format's own check.
        if (fits || (format.Length > 0 && actual is "string" or "array" && wanted is not ("number" or "integer" or "integer,string")))
            return null;
        return format.Length > 0 && actual is not ("string" or "array")
            ? problems.Type(path, format, actual switch { "integer" => "int64", "number" => "float64", _ => "" })
            : problems.Type(path, wanted, actual);
    }

    Verdict? CheckEnum(JsonNode? value, ValueLimits limits, string path)
    {
        if (limits.Enum.IsEmpty || (value is not null && limits.Enum.Any(allowed => JsonNode.DeepEquals(allowed, value))))
            return null;
        var verdict = new Verdict();
        verdict.Add(problems.NotSupported(path, value, limits.Enum));
        return verdict;
    }

    Verdict? CheckString(string value, SchemaNode schema, string path)
    {
        var limits = schema.Limits;
        if (limits is { MinLength: null, MaxLength: null, Pattern: "" })
            return null;
        var verdict = new Verdict();
        var length = value.EnumerateRunes().Count();
        if (limits.MaxLength is { } longest && length > longest)
            verdict.Add(problems.TooLong(path, longest));
        else if (limits.MinLength is { } shortest && length < shortest)
            verdict.Add(problems.Invalid(path, value, $"should be at least {shortest} chars long"));
        else if (limits.Matcher is { } pattern && !pattern.IsMatch(value))
            verdict.Add(problems.Invalid(path, value, $"should match '{limits.Pattern}'"));
        return verdict;
    }

    void CheckFormat(Verdict verdict, string value, SchemaNode schema, string path)
    {
        var format = Formats.Effective(schema.Limits.Format, schema.IntOrString ? "" : schema.Type);
        if (format.Length == 0)
            return;
        if (!Formats.Matches(format, value))
            verdict.Add(problems.Type(path, format, value));
        verdict.Count();
    }

    Verdict CheckArray(JsonArray array, SchemaNode schema, string path, Correlation? correlation)
    {
        var verdict = new Verdict();
        if (schema.Items is { } items)
        {
            for (var i = 0; i < array.Count; i++)
                verdict.Merge(Check(array[i], items, $"{path}[{i}]", correlation?.Item(i)));
        }
        if (schema.Limits.MinItems is { } least && array.Count < least)
            verdict.Add(problems.Invalid(path, array.Count, $"should have at least {least} items"));
        if (schema.Limits.MaxItems is { } most && array.Count > most)
            verdict.Add(problems.TooMany(path, array.Count, most, "items"));
        if (schema.Limits.UniqueItems && array.Where((item, i) => array.Take(i).Any(e => JsonNode.DeepEquals(e, item))).Any())
            verdict.Add(problems.Invalid(path, null, "shouldn't contain duplicates"));
        verdict.Count();
        return verdict;
    }

    Verdict CheckObject(JsonObject obj, SchemaNode schema, string path, Correlation? correlation)
    {
        var verdict = new Verdict();
        if (schema.Limits.MinProperties is { } least && obj.Count < least)
            verdict.Add(problems.Invalid(path, obj.Count, $"should have at least {least} properties"));
        if (schema.Limits.MaxProperties is { } most && obj.Count > most)
            verdict.Add(problems.TooMany(path, obj.Count, most, "properties"));
        foreach (var (name, value) in obj)
        {
            if (schema.Properties.TryGetValue(name, out var property))
                verdict.Merge(Check(value, property, path.Length == 0 ? name : $"{path}.{name}", Pair(name)));
            else if (schema.AdditionalProperties is { } values && !ReferenceEquals(values, SchemaNode.Untyped))
                verdict.Merge(Check(value, values, $"{path}.{name}", Pair(name)));
        }
        foreach (var name in schema.Required)
        {
            if (!obj.ContainsKey(name))
                verdict.Add(problems.Required($"{path}.{name}"));
        }
        return verdict;

        // Kind and version are converted before they get here, so a change of them cannot be seen.
        Correlation? Pair(string name) => path.Length == 0 && name is "kind" or "apiVersion" ? null : correlation?.Member(name);
    }

    Verdict CheckCombinations(JsonNode value, ValueLimits limits, string path, Correlation? correlation)
    {
        var verdict = new Verdict();
        if (!limits.AnyOf.IsEmpty)
            CheckAnyOf(verdict, Each(limits.AnyOf), path);
        if (!limits.OneOf.IsEmpty)
            CheckOneOf(verdict, [.. Each(limits.OneOf)], path);
        if (!limits.AllOf.IsEmpty)
            CheckAllOf(verdict, [.. Each(limits.AllOf)], path);
        if (limits.Not is { } not && CheckFresh(value, not, path, correlation).IsValid)
            verdict.Add(problems.Whole($"{GoText.Quote(path)} must not validate the schema (not)"));
        verdict.Count();
        return verdict;

        IEnumerable<Verdict> Each(IEnumerable<SchemaNode> schemas) => schemas.Select(s => CheckFresh(value, s, path, correlation));
    }

    void CheckAnyOf(Verdict verdict, IEnumerable<Verdict> each, string path)
    {
        Verdict? nearest = null;
        foreach (var alternative in each)
        {
            if (alternative.IsValid)
            {
                verdict.Merge(alternative);
                return;
            }
            nearest = nearest is null || alternative.Held > nearest.Held ? alternative : nearest;
        }
        verdict.Add(problems.Whole($"{GoText.Quote(path)} must validate at least one schema (anyOf)"));
        verdict.Merge(nearest);
    }

    void CheckOneOf(Verdict verdict, IReadOnlyList<Verdict> each, string path)
    {
        var valid = each.Count(v => v.IsValid);
        if (valid == 1)
        {
            verdict.Merge(each.First(v => v.IsValid));
            return;
        }
        var found = valid == 0 ? "Found none valid" : $"Found {valid} valid alternatives";
        verdict.Add(problems.Whole($"{GoText.Quote(path)} must validate one and only one schema (oneOf). {found}"));
        // Only failures that follow the last success can be kept, and only while nothing had succeeded.
        if (valid == 0)
            verdict.Merge(each.Aggregate((best, next) => next.Held > best.Held ? next : best));
    }

    void CheckAllOf(Verdict verdict, IReadOnlyList<Verdict> each, string path)
    {
        foreach (var part in each)
            verdict.Merge(part);
        var valid = each.Count(v => v.IsValid);
        if (valid != each.Count)
            verdict.Add(problems.Whole($"{GoText.Quote(path)} must validate all the schemas (allOf){(valid == 0 ? ". None validated" : "")}"));
    }
}
