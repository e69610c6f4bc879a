using System.Collections.Frozen;
using System.Reflection;

namespace Sluice.LocalCluster.Api.Types;

/// <summary>All types of the built-in kinds, read once from the declarations beside this file.</summary>
internal sealed class TypeTable
{
    static readonly Lazy<TypeTable> Shared = new(Load);

    readonly FrozenDictionary<string, ObjectType> types;

    TypeTable(IEnumerable<KeyValuePair<string, ObjectType>> all)
    {
        types = all.ToFrozenDictionary(StringComparer.Ordinal);
        foreach (var type in types.Values)
            type.Seal();
    }

    public static TypeTable BuiltIn => Shared.Value;

    public IEnumerable<ObjectType> All => types.Values;

    /// <param name="name">Package and type, as in <c>core.Container</c>.</param>
    public ObjectType this[string name] => types[name];

    static TypeTable Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var reader = new TypeReader();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".types", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var text = new StreamReader(stream);
            reader.Read(resource[..^".types".Length], text.ReadToEnd());
        }

        return new TypeTable(reader.Finish());
    }
}
