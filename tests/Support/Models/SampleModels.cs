using Sluice.Support.Programs;

namespace Sluice.Support.Models;

/// <summary>The models of config/samples.</summary>
public static class SampleModels
{
    /// <summary>Puts them into the claim "models" of a namespace of a local cluster, as its samples expect them.</summary>
    /// <param name="state">The local cluster's folder.</param>
    /// <param name="ns">The claim's.</param>
    public static void PutIntoClaim(string state, string ns)
    {
        var samples = Checkout.Path("config", "samples", "models");
        foreach (var model in Directory.EnumerateFiles(samples, "*.onnx", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(state, "volumes", ns, "models", Path.GetRelativePath(samples, model));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(model, copy);
        }
    }
}
