using Sluice.Onnx;
using Sluice.Support.Models;

namespace Sluice.Benchmarks.Wire;

/// <summary>ONNX Runtime in this process, without a wire.</summary>
internal static class RawInference
{
    /// <summary>Median time of a call with one row of iris, in microseconds.</summary>
    public static double MedianMicroseconds()
    {
        using var session = OnnxSession.Load(TestModels.File("iris/2"), new SessionSettings());
        using var frame = session.NewFrame();
        var times = new double[50_000];
        for (var i = 0; i < times.Length; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            var slot = frame.Inputs[0];
            slot.Start();
            for (var k = 0; k < 4; k++)
                slot.Append((float)k);
            slot.SetShape([1, 4]);
            frame.Run();
            frame.Clear();
            times[i] = TimeProvider.System.GetElapsedTime(began).TotalMicroseconds;
        }
        Array.Sort(times);
        return times[times.Length / 2];
    }
}
