using Sluice.Plugin.Conversion;
using Sluice.Plugin.Rendering;
using Sluice.Plugin.Tests.Support;
using Sluice.Support.Programs;

namespace Sluice.Plugin.Tests.Conversion;

public sealed class ManifestTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var origin in (string[])["kserve", "seldon"])
            {
                foreach (var file in Directory.GetFiles(Folder(origin), "*.yaml").Order(StringComparer.Ordinal))
                    cases.Add(origin, Path.GetFileNameWithoutExtension(file));
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_becomes_of_each_manifest_is_what_was_reviewed(string origin, string name)
    {
        var (converted, others) = Origin.ConvertAll(await File.ReadAllTextAsync(Path.Combine(Folder(origin), name + ".yaml")), name, new ConversionOptions());

        Golden.Holds($"{origin}-{name}.yaml", ConvertCommand.Text(converted));
        Golden.Holds($"{origin}-{name}.notes.txt", ConvertCommand.Notes(converted, others, Palette.None));
    }

    static string Folder(string origin) => Checkout.Path("tests", "Plugin.Tests", "Conversion", origin);
}
