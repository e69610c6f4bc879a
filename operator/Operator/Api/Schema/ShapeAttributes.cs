using System.Diagnostics.CodeAnalysis;

namespace Sluice.Operator.Api.Schema;

/// <summary>A list whose items have an identity: server-side apply merges them by their keys.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ListMapAttribute(params string[] keys) : Attribute
{
    /// <summary>JSON names of the members that identify an item. They must be required.</summary>
    public IReadOnlyList<string> Keys { get; } = keys;
}

/// <summary>A list without duplicates, merged item by item.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ListSetAttribute : Attribute;

/// <summary>A list that one writer owns as a whole.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ListAtomicAttribute : Attribute;

/// <summary>An object that one writer owns as a whole.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MapAtomicAttribute : Attribute;

/// <summary>The server puts this value in where the member is absent. Not inside list items.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CrdDefaultAttribute([StringSyntax(StringSyntaxAttribute.Json)] string json) : Attribute
{
    public string Json { get; } = json;
}
