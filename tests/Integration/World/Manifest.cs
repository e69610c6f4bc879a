using YamlDotNet.RepresentationModel;

namespace Sluice.Integration.World;

/// <summary>YAML files as the suite applies them: one document at a time, each at its path.</summary>
internal static class Manifest
{
    public static IEnumerable<string> Split(string text) =>
        text.Split("\n---").Select(part => part.TrimStart('-')).Where(part => Root(part) is not null);

    /// <summary>Where a document is applied; namespaced ones in <paramref name="space"/>.</summary>
    public static string PathOf(string document, string space)
    {
        var root = Root(document)!;
        var kind = Text(root, "kind");
        var name = Text((YamlMappingNode)root.Children["metadata"], "name");
        return Plural.Path(Plural.OfKind(kind), space) + "/" + name;
    }

    static YamlMappingNode? Root(string document)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(document));
        return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode as YamlMappingNode;
    }

    static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[key]).Value!;
}
