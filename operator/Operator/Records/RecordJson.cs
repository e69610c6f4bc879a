using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Rollouts;
using Sluice.Rollouts.Evidence;
using Sluice.Rollouts.Records;

namespace Sluice.Operator.Records;

/// <summary>How a record is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(LatenciesConverter), typeof(TrafficSplitConverter)])]
[JsonSerializable(typeof(AttemptRecord))]
[JsonSerializable(typeof(WrittenSplit))]
[JsonSerializable(typeof(WrittenLatencies))]
internal sealed partial class RecordJson : JsonSerializerContext;

internal sealed record WrittenSplit(ImmutableArray<Share> Shares, Share? Copies);

/// <summary>Most buckets are empty: the index of each that is not, and its count, in turn.</summary>
/// <param name="Growing">First bound, factor and number, where the bounds grow by one; else null.</param>
/// <param name="Bounds">All of them, where they do not.</param>
internal sealed record WrittenLatencies(ImmutableArray<long> Counts, ImmutableArray<double>? Growing, ImmutableArray<double>? Bounds);

internal sealed class TrafficSplitConverter : JsonConverter<TrafficSplit>
{
    public override TrafficSplit? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var written = JsonSerializer.Deserialize(ref reader, RecordJson.Default.WrittenSplit)!;
        try
        {
            var split = TrafficSplit.Of(written.Shares.AsSpan());
            return written.Copies is { } copies ? split.Copying(copies.Revision, copies.Percent) : split;
        }
        catch (ArgumentException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, TrafficSplit value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new WrittenSplit(value.Shares, value.Copies), RecordJson.Default.WrittenSplit);
}

internal sealed class LatenciesConverter : JsonConverter<Latencies>
{
    public override Latencies? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var written = JsonSerializer.Deserialize(ref reader, RecordJson.Default.WrittenLatencies)!;
        var bounds = written switch
        {
            { Growing: [var first, var growth, >= 0 and < 100_000 and var number] } => Growing(first, growth, (int)number),
            { Bounds: { } all } => all,
            _ => throw new JsonException("Latencies have neither growing nor bounds."),
        };
        var counts = new long[bounds.Length + 1];
        for (var i = 0; i + 1 < written.Counts.Length; i += 2)
        {
            if (written.Counts[i] < 0 || written.Counts[i] >= counts.Length)
                throw new JsonException($"Latencies have no bucket {written.Counts[i]}.");
            counts[written.Counts[i]] = written.Counts[i + 1];
        }

        return new Latencies(bounds, [.. counts]);
    }

    public override void Write(Utf8JsonWriter writer, Latencies value, JsonSerializerOptions options)
    {
        var counts = value.Counts.Select(static (count, index) => (Count: count, Index: index)).Where(static c => c.Count != 0)
            .SelectMany(static c => new[] { c.Index, c.Count }).ToImmutableArray();
        // Only what comes out exactly the same may be left to be computed again.
        var regular = LatencyBucketsGrow(value.Bounds);
        JsonSerializer.Serialize(
            writer, new WrittenLatencies(counts, regular, regular is null ? value.Bounds : null), RecordJson.Default.WrittenLatencies);
    }

    static ImmutableArray<double>? LatencyBucketsGrow(ImmutableArray<double> bounds)
    {
        var (first, growth) = (Contract.LatencyBuckets.First, Contract.LatencyBuckets.Growth);
        return bounds.AsSpan().SequenceEqual(Growing(first, growth, bounds.Length).AsSpan()) ? [first, growth, bounds.Length] : null;
    }

    static ImmutableArray<double> Growing(double first, double growth, int number) =>
        [.. Enumerable.Range(0, number).Select(i => first * Math.Pow(growth, i))];
}
