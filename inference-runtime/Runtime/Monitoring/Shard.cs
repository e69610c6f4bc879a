using System.Collections.Immutable;
using Sluice.Monitoring.Profiles;
using Sluice.Monitoring.Recording;
using Sluice.Onnx;

namespace Sluice.Runtime.Monitoring;

/// <summary>What one thread at a time records of one model.</summary>
internal sealed unsafe class Shard(WatchPlan inputs, WatchPlan outputs)
{
    private readonly FeatureRecorder[] features = [.. inputs.Recorders.Select(static r => r.Another())];
    private readonly FeatureRecorder[] predictions = [.. outputs.Recorders.Select(static r => r.Another())];

    public long Rows { get; private set; }

    /// <summary>Records a call that succeeded; its inputs and outputs are still there.</summary>
    public void Record(RunFrame frame)
    {
        long rows = 0;
        foreach (var port in inputs.Ports)
            rows = Math.Max(rows, Record(frame.Inputs[port.Index], port.Recorders));
        foreach (var port in outputs.Ports)
        {
            if (frame.IsWanted(port.Index))
                rows = Math.Max(rows, Record(frame.Outputs[port.Index], port.Recorders));
        }
        Rows += rows;
    }

    /// <summary>What was recorded since the last call.</summary>
    public Profile Take()
    {
        var taken = new Profile(Rows, [.. features.Select(static f => f.Take())], [.. predictions.Select(static p => p.Take())]);
        Rows = 0;
        return taken;
    }

    private long Record(InputSlot slot, ImmutableArray<int> columns)
    {
        if (!slot.IsSet || slot.Count == 0)
            return 0;
        if (slot.ElementType != ElementType.String)
        {
            TensorRecording.Record(slot.ElementType, slot.RawMemory, (int)slot.Count, columns, features);
            return slot.Count / columns.Length;
        }
        for (var i = 0; i < slot.Count; i++)
        {
            if (columns[i % columns.Length] is var place and >= 0)
                features[place].Add(slot.StringAt(i));
        }
        return slot.Count / columns.Length;
    }

    private long Record(OnnxValue output, ImmutableArray<int> columns)
    {
        if (output.Kind != ValueKind.Tensor || output.Count == 0)
            return 0;
        if (output.ElementType != ElementType.String)
        {
            TensorRecording.Record(output.ElementType, output.Data, (int)output.Count, columns, predictions);
            return output.Count / columns.Length;
        }
        for (var i = 0; i < output.Count; i++)
        {
            if (columns[i % columns.Length] is var place and >= 0)
                predictions[place].Add(output.StringAt(i));
        }
        return output.Count / columns.Length;
    }
}
