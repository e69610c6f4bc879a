using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Tests.Kubelet;

public sealed class MergePatchTests
{
    [Fact]
    public void A_patch_turns_one_document_into_the_other() =>
        Prop.ForAll(Documents.ToArbitrary(), Documents.ToArbitrary(), (from, to) =>
        {
            var (before, after) = (JsonNode.Parse(from)!.AsObject(), JsonNode.Parse(to)!.AsObject());
            return JsonNode.DeepEquals(Apply(before.DeepClone(), MergePatch.Between(before, after)), after);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Equal_documents_need_no_patch() =>
        MergePatch.Between(JsonNode.Parse("""{"a":[1,{"b":2}]}""")!.AsObject(), JsonNode.Parse("""{"a":[1,{"b":2}]}""")!.AsObject())
            .Should().BeNull();

    private static Gen<string> Documents => Gen.Sized(size => Object(Math.Min(size / 20, 3)));

    private static Gen<string> Object(int depth) =>
        from names in Gen.SubListOf("a", "b", "c")
        from values in Value(depth).ListOf(3)
        select "{" + string.Join(',', names.Select((name, i) => $"\"{name}\":{values[i]}")) + "}";

    private static Gen<string> Value(int depth) => depth == 0
        ? Gen.Elements("1", "2", "\"x\"", "[1]", "[]", "{}")
        : Gen.OneOf(Value(0), Object(depth - 1));

    private static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return patch?.DeepClone() ?? target;
        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = Apply(result[name]?.DeepClone(), value);
        }
        return result;
    }
}
