using System.Collections.Immutable;
using Sluice.Contract;
using Sluice.Onnx;
using Sluice.Onnx.ModelFile;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Golden;
using Sluice.Runtime.Storage;

namespace Sluice.Runtime.Models;

/// <summary>Looks at a model without serving it.</summary>
internal static class Inspection
{
    /// <param name="path">A model file, or a folder with one.</param>
    /// <param name="time">To measure loading by.</param>
    /// <param name="golden">Answers that it must give; null takes what lies beside the model.</param>
    /// <param name="expectations">What its features are expected to be; null or empty expects nothing.</param>
    /// <exception cref="FailureException">There is no model, it cannot be loaded, or it answers otherwise than it must.</exception>
    public static ModelReport Of(string path, TimeProvider time, string? golden = null, string? expectations = null)
    {
        var file = ModelLocator.One(path).File;
        var answers = string.IsNullOrEmpty(golden) ? GoldenFile.Find(file, null) : GoldenFile.Require(file, golden);
        var began = time.GetTimestamp();
        using var session = ModelLoader.Open(file, new SessionSettings());
        var took = time.GetElapsedTime(began);
        var isOrt = Path.GetExtension(file) is ".ort";
        var report = Report(session, Digest.Of(path), isOrt ? null : Header(file)) with
        {
            LoadSeconds = Math.Round(took.TotalSeconds, 4),
            Lineage = Directory.Exists(path) ? PullRecord.Read(path)?.Lineage : null,
        };
        if (!string.IsNullOrEmpty(expectations))
            ExpectationSet.For(ExpectationSet.Read(expectations), new Signature(session), violations: null, series: null);
        if (answers is not null)
            GoldenReplay.Require(session, answers, time);
        return report;
    }

    private static ModelHeader Header(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return ModelHeaderReader.Read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new FailureException(TerminationReasons.CorruptModel, $"{Path.GetFileName(file)}: {e.Message}");
        }
    }

    /// <param name="header">Null for .ort files.</param>
    private static ModelReport Report(OnnxSession session, Digest digest, ModelHeader? header) => new()
    {
        Sha256 = digest.Sha256,
        SizeBytes = digest.SizeBytes,
        Format = header is null ? "ort" : "onnx",
        IrVersion = header?.IrVersion,
        Opsets = header?.Opsets,
        Producer = session.Metadata.Producer,
        ProducerVersion = header?.ProducerVersion,
        Domain = session.Metadata.Domain,
        GraphName = session.Metadata.GraphName,
        Description = session.Metadata.Description,
        ModelVersion = session.Metadata.Version,
        Metadata = session.Metadata.Custom.Count > 0 ? session.Metadata.Custom : null,
        Inputs = Values(session.Inputs, isInput: true),
        Outputs = Values(session.Outputs, isInput: false),
        OptionalInputs = session.OverridableInitializers.IsEmpty ? null : Values(session.OverridableInitializers, isInput: true),
        ExternalData = header is { ExternalData.Count: > 0 } ? header.ExternalData : null,
    };

    private static ImmutableArray<ValueReport> Values(ImmutableArray<ValueInfo> values, bool isInput) =>
        [.. values.Select(v => new Port(v, required: true, isInput)).Select(p => new ValueReport
        {
            Name = p.Name,
            Datatype = p.Datatype,
            Shape = [.. p.Shape.Select(d => new ReportDimension(d.Size, d.Symbol))],
            OnnxType = p.IsTensor ? null : p.Info.Type.ToString(),
        })];
}
