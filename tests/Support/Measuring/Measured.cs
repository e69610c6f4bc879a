using System.Reflection;

namespace Sluice.Support.Measuring;

/// <summary>What a test measured, for the person who runs it: `tests/run` prints these lines behind each project.</summary>
public static class Measured
{
    static readonly Lock Gate = new();

    /// <summary>Adds the line "measured: WHAT: FIGURE". No test passes or fails by it.</summary>
    public static void Report(string what, string figure)
    {
        var folder = Programs.Checkout.Path("artifacts", "test", "measured");
        var project = Assembly.GetCallingAssembly().GetName().Name!.Replace("Sluice.", "", StringComparison.Ordinal);
        lock (Gate)
        {
            Directory.CreateDirectory(folder);
            File.AppendAllText(Path.Combine(folder, project + ".txt"), $"measured: {what}: {figure}\n");
        }
    }
}
