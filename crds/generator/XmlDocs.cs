using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Sluice.Crds;

/// <summary>Summaries of types and properties from the documentation files beside the assemblies, as plain sentences.</summary>
internal static partial class XmlDocs
{
    static readonly Dictionary<string, Dictionary<string, string>> Assemblies = new(StringComparer.Ordinal);

    public static string? Summary(Type type) => Find(type.Assembly, $"T:{type.FullName}");

    public static string? Summary(PropertyInfo property) =>
        Find(property.DeclaringType!.Assembly, $"P:{property.DeclaringType.FullName}.{property.Name}");

    static string? Find(Assembly assembly, string member)
    {
        var name = assembly.GetName().Name!;
        if (!Assemblies.TryGetValue(name, out var members))
            Assemblies[name] = members = Read(Path.Combine(AppContext.BaseDirectory, name + ".xml"));
        return members.GetValueOrDefault(member);
    }

    static Dictionary<string, string> Read(string file)
    {
        if (!File.Exists(file))
            return [];
        return XDocument.Load(file).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!), StringComparer.Ordinal);
    }

    static string Text(XElement summary) => Spaces().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();

    static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => (see.Attribute("cref") ?? see.Attribute("langword"))!.Value.Split('.', ':')[^1],
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
