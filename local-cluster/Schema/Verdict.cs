using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>
/// What checking one value against one schema found. Counts what held, because of several alternatives that all failed the
/// one is reported that came nearest. The same sentence is kept once.
/// </summary>
internal sealed class Verdict
{
    readonly List<Problem> problems = [];

    public IReadOnlyList<Problem> Problems => problems;

    public bool IsValid => problems.Count == 0;

    public int Held { get; private set; }

    public void Count() => Held++;

    public void Add(Problem? problem)
    {
        if (problem is { } found && !problems.Exists(known => known.Sentence == found.Sentence))
            problems.Add(found);
    }

    public void Merge(Verdict? other)
    {
        if (other is null)
            return;
        foreach (var problem in other.problems)
            Add(problem);
        Held += other.Held;
    }

    /// <summary>The same count without the problems.</summary>
    public Verdict Forgiven() => new() { Held = Held };
}

/// <summary>A problem, with the validator's own sentence about it, which is not always part of the message.</summary>
internal readonly record struct Problem(string Sentence, FieldError Error);

/// <summary>Makes problems in the words of the API server's validators.</summary>
internal sealed class Problems(string? prefix)
{
    public Problem Type(string path, string wanted, string actual)
    {
        var sentence = $"{path} in body must be of type {wanted}: {GoText.Quote(actual)}";
        return Make(path, sentence, FieldErrorType.TypeInvalid, $"Invalid value: {GoText.Quote(actual)}: {sentence}");
    }

    public Problem Invalid(string path, JsonNode? value, string rest)
    {
        var sentence = $"{path} in body {rest}";
        var shown = value is null ? "\"\"" : GoText.Value(value);
        return Make(path, sentence, FieldErrorType.Invalid, $"Invalid value: {shown}: {sentence}");
    }

    public Problem Required(string path) =>
        Make(path, $"{path} in body is required", FieldErrorType.Required, "Required value");

    public Problem NotSupported(string path, JsonNode? value, IEnumerable<JsonNode?> allowed)
    {
        var names = allowed.Select(v => GoText.Quote(JsonShape.TypeOf(v) == "string" ? v!.GetValue<string>() : GoText.Json(v)));
        var message = $"Unsupported value: {GoText.Value(value)}: supported values: {string.Join(", ", names)}";
        return Make(path, $"{path} in body should be one of {message}", FieldErrorType.NotSupported, message);
    }

    public Problem TooLong(string path, long limit) => Make(path, $"{path} in body should be at most {limit} chars long",
        FieldErrorType.TooLong, $"Too long: may not be more than {limit} {(limit == 1 ? "byte" : "bytes")}");

    public Problem TooMany(string path, long actual, long limit, string what) =>
        Make(path, $"{path} in body should have at most {limit} {what}",
            FieldErrorType.TooMany, $"Too many: {actual}: must have at most {limit} {(limit == 1 ? "item" : "items")}");

    /// <summary>The schema itself is at fault: numbers are no multiples of nothing.</summary>
    public Problem Factor(string path, string factor)
    {
        var sentence = $"factor MultipleOf declared for {path} must be positive: {factor}";
        return Make(path, sentence, FieldErrorType.Invalid, $"Invalid value: {factor}: {sentence}");
    }

    /// <summary>A problem that names no field of its own; it blames the whole object.</summary>
    public Problem Whole(string sentence) => Make("", sentence, FieldErrorType.Invalid, $"Invalid value: \"\": {sentence}");

    Problem Make(string path, string sentence, string type, string message)
    {
        var name = path.StartsWith('.') ? path[1..] : path;
        var field = (prefix, name) switch
        {
            (null, "") => FieldError.WholeObject,
            (null, _) => name,
            (_, "") => prefix,
            _ => $"{prefix}.{name}",
        };
        return new Problem(sentence, new FieldError(field, type, message));
    }
}
