using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Types;
using ValueType = Sluice.LocalCluster.Api.Types.ValueType;

namespace Sluice.LocalCluster.Api.Patches;

/// <summary>
/// Strategic merge patches: merge patches that know by which key the elements of a list are told apart, with directives
/// (<c>$patch</c>, <c>$retainKeys</c>, <c>$deleteFromPrimitiveList/…</c>, <c>$setElementOrder/…</c>). For built-in kinds.
/// </summary>
internal static class StrategicPatches
{
    const string Directive = "$patch";
    const string RetainKeys = "$retainKeys";
    const string DeleteFrom = "$deleteFromPrimitiveList/";
    const string OrderOf = "$setElementOrder/";

    public static Func<JsonObject, JsonNode?> Parse(JsonObject patch, ObjectType type) => target => Members(target.Copy(), patch, type);

    static JsonObject Members(JsonObject target, JsonObject patch, ObjectType? type)
    {
        switch (patch.Text(Directive))
        {
            case "replace":
                return Plain(patch);
            case "delete":
                return [];
            case null or "merge":
                break;
            case var unknown:
                throw new PatchException($"Wrong value \"{unknown}\" for directive {Directive}; it can be merge, replace or delete", malformed: true);
        }

        if (patch.Array(RetainKeys) is { } retained)
        {
            var keep = retained.Select(one => one.AsText()).ToHashSet();
            foreach (var name in target.Select(member => member.Key).Where(name => !keep.Contains(name)).ToList())
                target.Remove(name);
        }

        foreach (var (name, value) in patch)
            Member(target, name, value, type);
        foreach (var (name, order) in patch.Where(member => member.Key.StartsWith(OrderOf, StringComparison.Ordinal)))
            Reorder(target, name[OrderOf.Length..], (order as JsonArray) ?? [], patch, type);
        return target;
    }

    static void Member(JsonObject target, string name, JsonNode? value, ObjectType? type)
    {
        if (name is Directive or RetainKeys || name.StartsWith(OrderOf, StringComparison.Ordinal))
            return;
        if (name.StartsWith(DeleteFrom, StringComparison.Ordinal))
        {
            RemoveFrom(target, name[DeleteFrom.Length..], value as JsonArray ?? []);
            return;
        }

        if (value is null)
        {
            target.Remove(name);
            return;
        }

        var field = type?.Find(name);
        var present = target[name];
        target[name] = value switch
        {
            JsonObject members when field is { Replace: true } => Plain(members),
            JsonObject members => Members(present is JsonObject old ? old.Copy() : [], members, InnerType(field)),
            JsonArray items when field is { Merge: true } => MergeLists(present as JsonArray ?? [], items, field),
            _ => value.DeepClone(),
        };
    }

    static ObjectType? InnerType(Field? field) =>
        field?.Type.Shape == Shape.Object ? field.Type.Object : field?.Type.Element?.Object;

    static JsonArray MergeLists(JsonArray present, JsonArray patch, Field field) => field.MergeKey is { } key
        ? MergeByKey(present, patch, key, field.Type.Element!)
        : new JsonArray([.. present.Concat(patch.Where(item => !present.Any(old => JsonNode.DeepEquals(old, item)))).Select(item => item?.DeepClone())]);

    static JsonArray MergeByKey(JsonArray present, JsonArray patch, string key, ValueType element)
    {
        if (patch.OfType<JsonObject>().Any(item => item.Text(Directive) == "replace" && item.Count == 1))
            return new JsonArray([.. patch.OfType<JsonObject>().Where(item => !item.ContainsKey(Directive)).Select(item => (JsonNode)Plain(item))]);
        var merged = present.OfType<JsonObject>().Select(item => item.Copy()).ToList();
        foreach (var item in patch)
        {
            if (item is not JsonObject members || members[key] is not { } id)
                throw new PatchException($"map: {JsonText.Show(item)} does not contain declared merge key: {key}", malformed: true);
            var at = merged.FindIndex(old => JsonNode.DeepEquals(old[key], id));
            if (members.Text(Directive) == "delete")
                merged.RemoveAll(old => JsonNode.DeepEquals(old[key], id));
            else if (at >= 0)
                merged[at] = Members(merged[at], members, element.Object);
            else
                merged.Add(Members([], members, element.Object));
        }

        return new JsonArray([.. merged.Select(item => (JsonNode)item)]);
    }

    static void RemoveFrom(JsonObject target, string name, JsonArray gone)
    {
        if (target.Array(name) is { } present)
            target[name] = new JsonArray([.. present.Where(item => !gone.Any(one => JsonNode.DeepEquals(one, item))).Select(item => item?.DeepClone())]);
    }

    /// <summary>
    /// Puts a merged list into the order that the patch names; elements that it does not name, which only the server knew,
    /// keep their place behind the element that they stood behind.
    /// </summary>
    static void Reorder(JsonObject target, string name, JsonArray order, JsonObject patch, ObjectType? type)
    {
        if (target.Array(name) is not { } items || type?.Find(name) is not { Merge: true } field)
            return;
        JsonNode? Id(JsonNode? item) => field.MergeKey is { } key ? item.At(key) : item;
        var ranks = order.Select(Id).ToList();
        int Rank(JsonNode? item) => ranks.FindIndex(id => JsonNode.DeepEquals(id, Id(item)));
        var named = items.Where(item => Rank(item) >= 0).OrderBy(Rank).ToList();
        var result = new List<JsonNode?>(named);
        JsonNode? before = null;
        foreach (var item in items)
        {
            if (Rank(item) < 0)
                result.Insert(before is null ? 0 : result.IndexOf(before) + 1, item);
            before = item;
        }

        target[name] = new JsonArray([.. result.Select(item => item?.DeepClone())]);
    }

    /// <summary>What a patch sets, without its directives.</summary>
    static JsonObject Plain(JsonObject patch) => new(patch.Where(member => !member.Key.StartsWith('$'))
        .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
}
