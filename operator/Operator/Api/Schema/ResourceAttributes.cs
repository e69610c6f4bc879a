namespace Sluice.Operator.Api.Schema;

/// <summary>What the definition says about the kind as a whole; on the type of the object itself.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CustomResourceAttribute(string singular, params string[] shortNames) : Attribute
{
    public string Singular { get; } = singular;

    public IReadOnlyList<string> ShortNames { get; } = shortNames;
}

/// <summary>A column of <c>kubectl get</c>, in the order of the attributes; on the type of the object itself.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class PrinterColumnAttribute(string name, string type, string jsonPath) : Attribute
{
    public string Name { get; } = name;

    /// <summary><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c> or <c>date</c>.</summary>
    public string Type { get; } = type;

    public string JsonPath { get; } = jsonPath;

    public string? Description { get; init; }

    /// <summary>0 shows always, 1 only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }
}

/// <summary>A field that <c>--field-selector</c> understands; on the type of the object itself.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class SelectableFieldAttribute(string jsonPath) : Attribute
{
    public string JsonPath { get; } = jsonPath;
}
