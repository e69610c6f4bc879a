using Sluice.Onnx;
using Sluice.Support.Models;

namespace Sluice.Benchmarks.Wire;

/// <summary>A perceptron 256-1024-1024-10 with invented weights, and batches for it: work that is worth batching.</summary>
internal static class MlpModel
{
    public const int Features = 256;
    public const int Batch = 32;
    private const int Hidden = 1024, Classes = 10, Float = 1;

    /// <returns>The model file.</returns>
    public static string Save(string folder) => new OnnxWriter()
        .Input("x", OnnxTypes.Tensor(Float, "batch", Features)).Output("y", OnnxTypes.Tensor(Float, "batch", Classes))
        .Floats("w1", [Features, Hidden], Weights(Features * Hidden))
        .Floats("w2", [Hidden, Hidden], Weights(Hidden * Hidden))
        .Floats("w3", [Hidden, Classes], Weights(Hidden * Classes))
        .Node("MatMul", ["x", "w1"], ["a1"]).Node("Relu", ["a1"], ["h1"])
        .Node("MatMul", ["h1", "w2"], ["a2"]).Node("Relu", ["a2"], ["h2"])
        .Node("MatMul", ["h2", "w3"], ["y"])
        .Save(folder);

    /// <summary>Rows per second of ONNX Runtime alone, on one thread, with the same batch.</summary>
    public static double RawRowsPerSecond(string file, TimeSpan duration)
    {
        using var session = OnnxSession.Load(file, new SessionSettings());
        using var frame = session.NewFrame();
        var row = Weights(Features);
        var batches = 0;
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < duration)
        {
            var slot = frame.Inputs[0];
            slot.Start();
            for (var i = 0; i < Batch; i++)
            {
                foreach (var value in row)
                    slot.Append(value);
            }
            slot.SetShape([Batch, Features]);
            frame.Run();
            frame.Clear();
            batches++;
        }
        return batches * Batch / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The elements of so many rows, little-endian.</summary>
    public static byte[] Elements(int rows)
    {
        var row = Weights(Features).SelectMany(BitConverter.GetBytes).ToArray();
        return [.. Enumerable.Repeat(row, rows).SelectMany(r => r)];
    }

    private static float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 7 % 31 - 15) / 100f)];
}
