using System.Collections.Immutable;
using Sluice.Monitoring.Profiles;
using Sluice.Monitoring.Recording;
using Sluice.Onnx;

namespace Sluice.Runtime.Monitoring;

/// <summary>What one thread at a time records of one model.</summary>
internal sealed unsafe class Shard
{
    private readonly WatchPlan inputs;
    private readonly WatchPlan outputs;
    private readonly FeatureRecorder[] features;
    private readonly FeatureRecorder[] predictions;

    public Shard(WatchPlan inputs, WatchPlan outputs)
    {
        (this.inputs, this.outputs) = (inputs, outputs);
        var names = new NovelNames();
        features = [.. inputs.Recorders.Select(r => r.Another(names))];
        predictions = [.. outputs.Recorders.Select(r => r.Another(names))];
    }

    public long Rows { get; private set; }

    /// <summary>Records a call that succeeded; its inputs and outputs are still there.</summary>
    /// <param name="frame">Of the call.</param>
    /// <param name="most">Rows that count; those behind them only fill the call up.</param>
    public void Record(RunFrame frame, int most = int.MaxValue)
    {
        long rows = 0;
        foreach (var port in inputs.Ports)
            rows = Math.Max(rows, Record(frame.Inputs[port.Index], port.Recorders, most));
        foreach (var port in outputs.Ports)
        {
            if (frame.IsWanted(port.Index))
                rows = Math.Max(rows, Record(frame.Outputs[port.Index], port.Recorders, most));
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

    private long Record(InputSlot slot, ImmutableArray<int> columns, int most)
    {
        if (!slot.IsSet || slot.Count == 0)
            return 0;
        var count = (int)Math.Min(slot.Count, (long)most * columns.Length);
        if (slot.ElementType != ElementType.String)
        {
            TensorRecording.Record(slot.ElementType, slot.RawMemory, count, columns, features);
            return count / columns.Length;
        }
        for (var i = 0; i < count; i++)
        {
            if (columns[i % columns.Length] is var place and >= 0)
                features[place].Add(slot.StringAt(i));
        }
        return count / columns.Length;
    }

    private long Record(OnnxValue output, ImmutableArray<int> columns, int most)
    {
        if (output.Kind != ValueKind.Tensor || output.Count == 0)
            return 0;
        var count = (int)Math.Min(output.Count, (long)most * columns.Length);
        if (output.ElementType != ElementType.String)
        {
            TensorRecording.Record(output.ElementType, output.Data, count, columns, predictions);
            return count / columns.Length;
        }
        for (var i = 0; i < count; i++)
        {
            if (columns[i % columns.Length] is var place and >= 0)
                predictions[place].Add(output.StringAt(i));
        }
        return count / columns.Length;
    }
}
