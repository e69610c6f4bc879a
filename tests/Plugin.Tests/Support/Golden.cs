using Sluice.Support.Programs;

namespace Sluice.Plugin.Tests.Support;

/// <summary>Texts that were reviewed. UPDATE_GOLDEN=1 writes what comes out; the diff is for review.</summary>
internal static class Golden
{
    public static void Holds(string name, string text)
    {
        var path = Checkout.Path("tests", "Plugin.Tests", "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, text);
        text.Should().Be(File.Exists(path) ? File.ReadAllText(path) : "", $"'make golden' writes {name} anew");
    }
}
