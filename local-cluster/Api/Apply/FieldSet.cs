using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Apply;

/// <summary>
/// A set of paths into an object. A path and the paths below it are members independently of each other, so a set is a
/// tree whose nodes say whether the path that leads to them belongs to the set. Immutable.
/// </summary>
internal sealed class FieldSet : IEquatable<FieldSet>
{
    // Declared first: the other static members are made of it.
    static readonly ImmutableSortedDictionary<string, FieldSet> NoChildren =
        ImmutableSortedDictionary.Create<string, FieldSet>(StringComparer.Ordinal);

    public static FieldSet Empty { get; } = new(member: false, NoChildren);

    static readonly FieldSet Leaf = new(member: true, NoChildren);

    readonly bool member;
    readonly ImmutableSortedDictionary<string, FieldSet> children;

    FieldSet(bool member, ImmutableSortedDictionary<string, FieldSet> children)
    {
        this.member = member;
        this.children = children.IsEmpty ? NoChildren : children;
    }

    /// <summary>A set as it is gathered; the only mutable form.</summary>
    internal sealed class Builder
    {
        readonly SortedDictionary<string, Builder> below = new(StringComparer.Ordinal);

        public bool Member { get; set; }

        public Builder At(string element)
        {
            if (!below.TryGetValue(element, out var child))
                below[element] = child = new Builder();
            return child;
        }

        public FieldSet Build() => below.Count == 0
            ? Member ? Leaf : Empty
            : new(Member, below.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Build()))
                .Where(pair => !pair.Value.IsEmpty)
                .ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    public bool IsEmpty => !member && children.IsEmpty;

    public static FieldSet Of(params ReadOnlySpan<string[]> paths)
    {
        var builder = new Builder();
        foreach (var path in paths)
            path.Aggregate(builder, (at, name) => at.At(PathElement.Member(name))).Member = true;
        return builder.Build();
    }

    /// <summary>Whether the path that consists of one step belongs to the set.</summary>
    public bool Has(string element) => children.TryGetValue(element, out var child) && child.member;

    /// <summary>The paths below one step.</summary>
    public FieldSet Below(string element) =>
        children.TryGetValue(element, out var child) ? child.member ? new(member: false, child.children) : child : Empty;

    public FieldSet Union(FieldSet other)
    {
        if (other.IsEmpty)
            return this;
        if (IsEmpty)
            return other;
        var all = children.ToBuilder();
        foreach (var (element, theirs) in other.children)
            all[element] = all.TryGetValue(element, out var ours) ? ours.Union(theirs) : theirs;
        return new(member || other.member, all.ToImmutable());
    }

    public FieldSet Intersection(FieldSet other)
    {
        var common = NoChildren.ToBuilder();
        foreach (var (element, ours) in children)
        {
            if (other.children.TryGetValue(element, out var theirs) && ours.Intersection(theirs) is { IsEmpty: false } both)
                common[element] = both;
        }

        return new(member && other.member, common.ToImmutable());
    }

    /// <summary>Without the paths of the other; what lies below them stays.</summary>
    public FieldSet Difference(FieldSet other)
    {
        if (other.IsEmpty)
            return this;
        var rest = children.ToBuilder();
        foreach (var (element, theirs) in other.children)
        {
            if (!children.TryGetValue(element, out var ours))
                continue;
            if (ours.Difference(theirs) is { IsEmpty: false } left)
                rest[element] = left;
            else
                rest.Remove(element);
        }

        return new(member && !other.member, rest.ToImmutable());
    }

    /// <summary>Without the paths of the other and everything below them.</summary>
    public FieldSet Excluding(FieldSet other)
    {
        if (other.IsEmpty)
            return this;
        var rest = children.ToBuilder();
        foreach (var (element, theirs) in other.children)
        {
            if (!children.TryGetValue(element, out var ours))
                continue;
            if (!theirs.member && ours.Excluding(theirs) is { IsEmpty: false } left)
                rest[element] = left;
            else
                rest.Remove(element);
        }

        return new(member && !other.member, rest.ToImmutable());
    }

    /// <summary>
    /// With every declared member on the way to a path of the set. An owner of <c>a.b</c> owns <c>a</c> in this sense when
    /// <c>a</c> is declared by the schema, but not when it is an entry of a map.
    /// </summary>
    public FieldSet WithNamedMembers(SchemaNode? schema)
    {
        var all = NoChildren.ToBuilder();
        foreach (var (element, child) in children)
        {
            var named = PathElement.IsMember(element, out var name) && schema?.Properties.ContainsKey(name) == true;
            var below = child.WithNamedMembers(name.Length > 0 ? schema?.Member(name) : schema?.Items);
            all[element] = new(below.member || named, below.children);
        }

        return new(member, all.ToImmutable());
    }

    /// <summary>Every path, as messages show it, in order.</summary>
    public IEnumerable<string> Paths() => Paths("");

    IEnumerable<string> Paths(string prefix)
    {
        foreach (var (element, child) in children)
        {
            if (child.member)
                yield return prefix + PathElement.Show(element);
        }

        foreach (var (element, child) in children)
        {
            foreach (var path in child.Paths(prefix + PathElement.Show(element)))
                yield return path;
        }
    }

    /// <summary>Without the paths that another set has, by their shown form; for conflicts that are allowed.</summary>
    public bool Covers(FieldSet other) => other.Difference(this).IsEmpty;

    /// <summary>The <c>fieldsV1</c> of managedFields.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (element, child) in children)
        {
            var below = child.ToJson();
            if (child.member && below.Count > 0)
                below.Insert(0, ".", new JsonObject());
            json[element] = below;
        }

        return json;
    }

    public static FieldSet FromJson(JsonObject json)
    {
        var builder = new Builder();
        Read(json, builder);
        return builder.Build();
    }

    public bool Equals(FieldSet? other) =>
        other is not null && member == other.member && children.Count == other.children.Count
        && children.All(pair => other.children.TryGetValue(pair.Key, out var theirs) && pair.Value.Equals(theirs));

    public override bool Equals(object? obj) => Equals(obj as FieldSet);

    public override int GetHashCode() => HashCode.Combine(member, children.Count);

    public override string ToString() => string.Join(' ', Paths());

    static void Read(JsonObject json, Builder builder)
    {
        foreach (var (key, value) in json)
        {
            if (key == ".")
            {
                builder.Member = true;
                continue;
            }

            var child = builder.At(PathElement.Canonical(key));
            if (value is JsonObject { Count: > 0 } below)
                Read(below, child);
            else
                child.Member = true;
        }
    }
}
