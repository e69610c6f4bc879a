namespace Sluice.Operator.Api.Schema;

/// <summary>
/// A CEL rule of the schema (<c>x-kubernetes-validations</c>): on a type it sees an object of it as <c>self</c>, on a property
/// the property's value.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
internal sealed class CelAttribute(string rule, string message) : Attribute
{
    public string Rule { get; } = rule;

    public string Message { get; } = message;

    /// <summary>Path, relative to the value, of the field to blame: <c>.maxReplicas</c>.</summary>
    public string? FieldPath { get; init; }

    /// <summary><c>FieldValueInvalid</c> (when absent), <c>FieldValueRequired</c>, <c>FieldValueForbidden</c> or
    /// <c>FieldValueDuplicate</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>A CEL expression that makes the message; <see cref="Message"/> stays what is said when it fails.</summary>
    public string? MessageExpression { get; init; }
}

/// <summary>A regular expression (RE2) that the string, or each string of the list, must match.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PatternAttribute(string pattern) : Attribute
{
    public string Pattern { get; } = pattern;
}

[AttributeUsage(AttributeTargets.Property)]
internal sealed class MinimumAttribute(double value) : Attribute
{
    public double Value { get; } = value;

    public bool Exclusive { get; init; }
}

[AttributeUsage(AttributeTargets.Property)]
internal sealed class MaximumAttribute(double value) : Attribute
{
    public double Value { get; } = value;

    public bool Exclusive { get; init; }
}

/// <summary>Least number of characters of a string.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MinLengthAttribute(int value) : Attribute
{
    public int Value { get; } = value;
}

/// <summary>Greatest number of characters of a string; of each item where the property is a list or a map of strings.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MaxLengthAttribute(int value) : Attribute
{
    public int Value { get; } = value;
}

/// <summary>Least number of items of a list, or of entries of a map.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MinItemsAttribute(int value) : Attribute
{
    public int Value { get; } = value;
}

/// <summary>Greatest number of items of a list, or of entries of a map. Whatever a rule iterates needs one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MaxItemsAttribute(int value) : Attribute
{
    public int Value { get; } = value;
}

/// <summary>The values a string may have; of each item where the property is a list of strings.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values { get; } = values;
}
