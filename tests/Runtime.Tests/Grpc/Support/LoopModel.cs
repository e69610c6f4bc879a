using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Grpc.Support;

/// <summary>The model that takes as long as a request says (<see cref="SlowModel"/>), by the name "loop".</summary>
internal static class LoopModel
{
    /// <summary>More turns than any test waits for.</summary>
    public const long Endless = 1L << 50;

    /// <summary>Puts model.onnx into the folder.</summary>
    public static void Save(string folder)
    {
        var made = SlowModel.Save(folder);
        File.Move(made, Path.Combine(folder, Path.GetFileName(made)));
        Directory.Delete(Path.GetDirectoryName(made)!);
    }

    /// <summary>A request of so many turns.</summary>
    public static byte[] Request(long turns) =>
        InferMessage.To("loop").Input("times", "INT64").Contents(InferMessage.Bytes(turns)).ToArray();
}
