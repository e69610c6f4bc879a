using System.Collections.Immutable;
using Sluice.Monitoring.Profiles;
using Sluice.Monitoring.Recording;
using Sluice.Onnx;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Monitoring;

/// <summary>An input or output whose columns are watched.</summary>
/// <param name="Index">Among the model's inputs or outputs.</param>
/// <param name="Recorders">For each column its place among the recorders; -1 leaves a column out.</param>
internal sealed record WatchedPort(int Index, ImmutableArray<int> Recorders);

/// <summary>The features of a model, or its predictions: which columns there are and what records each.</summary>
internal sealed class WatchPlan
{
    /// <summary>An input with more columns is no list of features but an image, a text or a sound.</summary>
    private const int MostColumns = 256;

    private WatchPlan(
        ImmutableArray<WatchedPort> ports, ImmutableArray<FeatureRecorder> recorders, ImmutableArray<string> unwatched) =>
        (Ports, Recorders, Unwatched) = (ports, recorders, unwatched);

    public ImmutableArray<WatchedPort> Ports { get; }

    /// <summary>Empty ones, to be taken as patterns; in the order of the baseline, if there is one.</summary>
    public ImmutableArray<FeatureRecorder> Recorders { get; }

    /// <summary>What is not watched, and why.</summary>
    public ImmutableArray<string> Unwatched { get; }

    /// <summary>Samples of every column, to learn a baseline from.</summary>
    public static WatchPlan ToLearn(ImmutableArray<Port> ports, bool areOutputs)
    {
        var columns = Columns(ports, [], out var unwatched);
        var recorders = columns.SelectMany(c => c.Names.Select(name => Sample(name, c.Port, areOutputs))).ToImmutableArray();
        return new WatchPlan(Number(columns, static (_, i) => i), recorders, unwatched);
    }

    /// <summary>The columns that a baseline describes, found by name, or by place when none is found and the numbers agree.</summary>
    public static WatchPlan For(ImmutableArray<Port> ports, ImmutableArray<FeatureProfile> baseline)
    {
        var columns = Columns(ports, baseline, out var unwatched);
        var names = columns.SelectMany(static c => c.Names).ToList();
        var places = names.Select(name => baseline.IndexOf(baseline.FirstOrDefault(f => f.Name == name)!)).ToList();
        if (places.TrueForAll(static p => p < 0) && names.Count == baseline.Length)
            places = [.. Enumerable.Range(0, names.Count)];
        unwatched = [
            .. unwatched,
            .. names.Where((_, i) => places[i] < 0).Select(static n => $"{n}: the baseline does not name it"),
            .. baseline.Where((_, i) => !places.Contains(i)).Select(static f => $"{f.Name}: in the baseline, but the model has no such column"),
        ];
        return new WatchPlan(Number(columns, (_, i) => places[i]), [.. baseline.Select(FeatureRecorder.For)], unwatched);
    }

    /// <summary>The columns of a tensor whose rows are all of one length, no longer than a list of features is; empty for any other value.</summary>
    public static ImmutableArray<string> ColumnsOf(Port port) =>
        port.Info.Type is TensorType { Shape: not null } && Count(port, []) is { } count and > 0 and <= MostColumns ? Names(port, count) : [];

    private static ImmutableArray<WatchedPort> Number(List<(Port Port, int Index, ImmutableArray<string> Names)> columns, Func<string, int, int> place)
    {
        var next = 0;
        return [.. columns.Select(c => new WatchedPort(c.Index, [.. c.Names.Select(name => place(name, next++))]))];
    }

    private static List<(Port Port, int Index, ImmutableArray<string> Names)> Columns(
        ImmutableArray<Port> ports, ImmutableArray<FeatureProfile> baseline, out ImmutableArray<string> unwatched)
    {
        var columns = new List<(Port, int, ImmutableArray<string>)>();
        var without = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < ports.Length; i++)
        {
            if (ports[i].Info.Type is not TensorType { Shape: not null } tensor)
                without.Add($"{ports[i].Name}: it is {ports[i].Info.Type}, not a tensor of known rank");
            else if (!TensorRecording.CanRecord(tensor.Element))
                without.Add($"{ports[i].Name}: elements of {tensor.Element} are neither numbers nor categories");
            else if (Count(ports[i], baseline) is not { } count)
                without.Add($"{ports[i].Name}: its rows vary in length");
            else if (count is 0 or > MostColumns)
                without.Add($"{ports[i].Name}: it has {count} columns; up to {MostColumns} are watched");
            else
                columns.Add((ports[i], i, Names(ports[i], count)));
        }
        unwatched = without.ToImmutable();
        return columns;
    }

    /// <summary>Elements per row: the first dimension counts rows, but for a plain list of fixed length.</summary>
    private static long? Count(Port port, ImmutableArray<FeatureProfile> baseline)
    {
        var shape = port.Shape;
        var perRow = shape is [{ IsFixed: true }] ? shape : shape.Skip(1).ToImmutableArray();
        if (perRow.All(static d => d.IsFixed))
            return perRow.Aggregate(1L, static (product, d) => Math.Min(product * d.Size, int.MaxValue));
        var named = baseline.Count(f => f.Name.StartsWith(port.Name + "[", StringComparison.Ordinal));
        return named > 0 ? named : null;
    }

    private static ImmutableArray<string> Names(Port port, long count) => count == 1
        ? [port.Name]
        : [.. Enumerable.Range(0, (int)count).Select(i => $"{port.Name}[{i}]")];

    private static FeatureRecorder Sample(string name, Port port, bool isOutput) => ((TensorType)port.Info.Type).Element switch
    {
        ElementType.String or ElementType.Bool => new CategorySample(name),
        ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.BFloat16 => new NumberSample(name),
        // Whole numbers are classes when a model answers them, and mostly quantities when it is asked.
        _ => isOutput ? new CategorySample(name) : new NumberSample(name),
    };
}
