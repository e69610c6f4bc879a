using System.Text.Json.Nodes;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Apply;

/// <summary>What was added, changed and removed between two versions of an object, as paths that an owner can own.</summary>
internal sealed record Comparison(FieldSet Added, FieldSet Modified, FieldSet Removed);

/// <summary>Which paths an object sets, and which differ between two objects.</summary>
internal static class FieldSets
{
    /// <summary>The paths that whoever applies the object will own.</summary>
    public static FieldSet Of(JsonObject obj, SchemaNode schema)
    {
        var builder = new FieldSet.Builder();
        Collect(obj, schema, builder);
        return builder.Build();
    }

    public static Comparison Compare(JsonObject before, JsonObject after, SchemaNode schema)
    {
        var difference = new Difference();
        difference.Walk(before, after, present: true, wasPresent: true, schema, new Cursor(null, ""));
        return difference.Result();
    }

    static void Collect(JsonNode? value, SchemaNode? schema, FieldSet.Builder at)
    {
        switch (MergeSchema.Shape(schema, value))
        {
            case MergeShape.Map when value is JsonObject members:
                foreach (var (name, content) in members)
                {
                    var child = at.At(PathElement.Member(name));
                    Collect(content, schema?.Member(name), child);
                    if (content is null or JsonObject { Count: 0 } || schema?.Properties.ContainsKey(name) != true)
                        child.Member = true;
                }

                break;
            case MergeShape.List when value is JsonArray items:
                foreach (var group in items.GroupBy(item => PathElement.Element(schema!, item)))
                {
                    var child = at.At(group.Key);
                    child.Member = true;
                    if (group.Count() == 1)
                        Collect(group.First(), schema!.Items, child);
                }

                break;
            case MergeShape.Map or MergeShape.List:
                break;
            default:
                at.Member = true;
                break;
        }
    }

    /// <summary>A path under construction; it is spelt out only where something differs.</summary>
    sealed record Cursor(Cursor? Parent, string Element)
    {
        public Cursor Down(string element) => new(this, element);

        public void Note(FieldSet.Builder set) => In(set).Member = true;

        FieldSet.Builder In(FieldSet.Builder set) => Parent is null ? set : Parent.In(set).At(Element);
    }

    sealed class Difference
    {
        readonly FieldSet.Builder added = new();
        readonly FieldSet.Builder modified = new();
        readonly FieldSet.Builder removed = new();

        public Comparison Result() => new(added.Build(), modified.Build(), removed.Build());

        public void Walk(JsonNode? before, JsonNode? after, bool present, bool wasPresent, SchemaNode? schema, Cursor at)
        {
            var shape = MergeSchema.Shape(schema, after ?? before);
            var leaf = shape == MergeShape.Leaf || (IsHollow(before) && IsHollow(after))
                || MergeSchema.Shape(schema, before ?? after) != shape;
            if (leaf)
                Leaf(before, after, present, wasPresent, at);
            else if (shape == MergeShape.Map)
                Members(before as JsonObject, after as JsonObject, schema, at);
            else
                Elements(before as JsonArray, after as JsonArray, schema!, at);
            if (leaf)
                return;
            if (!wasPresent)
                at.Note(added);
            else if (!present)
                at.Note(removed);
        }

        static bool IsHollow(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

        void Leaf(JsonNode? before, JsonNode? after, bool present, bool wasPresent, Cursor at)
        {
            if (!wasPresent)
                at.Note(added);
            else if (!present)
                at.Note(removed);
            else if (!JsonNode.DeepEquals(before, after))
                at.Note(modified);
        }

        void Members(JsonObject? before, JsonObject? after, SchemaNode? schema, Cursor at)
        {
            foreach (var (name, old) in before ?? [])
            {
                JsonNode? now = null;
                var present = after?.TryGetPropertyValue(name, out now) == true;
                Walk(old, now, present, wasPresent: true, schema?.Member(name), at.Down(PathElement.Member(name)));
            }

            foreach (var (name, now) in after ?? [])
            {
                if (before?.ContainsKey(name) != true)
                    Walk(null, now, present: true, wasPresent: false, schema?.Member(name), at.Down(PathElement.Member(name)));
            }
        }

        void Elements(JsonArray? before, JsonArray? after, SchemaNode schema, Cursor at)
        {
            var old = Grouped(before, schema);
            var now = Grouped(after, schema);
            foreach (var element in old.Keys.Concat(now.Keys.Where(key => !old.ContainsKey(key))))
            {
                Element(old.GetValueOrDefault(element) ?? [], now.GetValueOrDefault(element) ?? [], schema.Items, at.Down(element));
            }
        }

        /// <summary>Elements with the same key are an error that old objects may carry; they count as one value.</summary>
        void Element(List<JsonNode?> old, List<JsonNode?> now, SchemaNode? schema, Cursor at)
        {
            if (old.Count <= 1 && now.Count <= 1)
            {
                Walk(old.FirstOrDefault(), now.FirstOrDefault(), now.Count == 1, old.Count == 1, schema, at);
            }
            else if (old.Count >= 2 && now.Count >= 2)
            {
                if (old.Count != now.Count || !old.Zip(now).All(pair => JsonNode.DeepEquals(pair.First, pair.Second)))
                    at.Note(modified);
            }
            else if (old.Count >= 2)
            {
                if (now.Count == 1)
                    Walk(null, now[0], present: true, wasPresent: false, schema, at);
                at.Note(removed);
            }
            else
            {
                if (old.Count == 1)
                    Walk(old[0], null, present: false, wasPresent: true, schema, at);
                at.Note(added);
            }
        }

        static Dictionary<string, List<JsonNode?>> Grouped(JsonArray? items, SchemaNode schema)
        {
            var groups = new Dictionary<string, List<JsonNode?>>(StringComparer.Ordinal);
            foreach (var item in items ?? [])
            {
                var element = PathElement.Element(schema, item);
                if (!groups.TryGetValue(element, out var group))
                    groups[element] = group = [];
                group.Add(item);
            }

            return groups;
        }
    }
}
