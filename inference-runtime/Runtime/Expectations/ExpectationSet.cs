using System.Collections.Immutable;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Onnx;
using Sluice.Runtime.Models;
using Sluice.Runtime.Monitoring;

namespace Sluice.Runtime.Expectations;

/// <summary>All that is expected of a model's features.</summary>
internal sealed class ExpectationSet
{
    private ExpectationSet(ImmutableArray<Expectation> all, ViolationSeries? series) => (All, Series) = (all, series);

    public ImmutableArray<Expectation> All { get; }

    /// <summary>Where violations are counted; null counts them for the caller alone.</summary>
    public ViolationSeries? Series { get; }

    /// <param name="given">The JSON itself, or a file with it.</param>
    /// <exception cref="FailureException">It cannot be read.</exception>
    public static IReadOnlyList<ExpectationDocument> Read(string given)
    {
        var isText = given.AsSpan().TrimStart().StartsWith("[");
        try
        {
            return JsonSerializer.Deserialize(isText ? given : File.ReadAllText(given), ContractJson.Default.IReadOnlyListExpectationDocument)
                ?? throw Wrong("they are null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Wrong($"{(isText ? "" : given + ": ")}{e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Finds the columns that are spoken of.</summary>
    /// <param name="documents">What is expected.</param>
    /// <param name="signature">Of the model.</param>
    /// <param name="violations">What a violation comes to; null is as each says. See <see cref="ViolationResults"/>.</param>
    /// <param name="series">Where violations are counted.</param>
    /// <exception cref="FailureException">The model has no such column, or it cannot be what is expected.</exception>
    public static ExpectationSet For(IReadOnlyList<ExpectationDocument> documents, Signature signature, string? violations, ViolationSeries? series)
    {
        if (documents.GroupBy(static d => d.Feature).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            throw Wrong($"\"{twice.Key}\" is there twice");
        return new ExpectationSet(
            [.. documents.Select(d => Find(d, signature, violations is null ? d.Reject == true : violations == ViolationResults.Reject))], series);
    }

    private static Expectation Find(ExpectationDocument document, Signature signature, bool rejects)
    {
        for (var i = 0; i < signature.Inputs.Length; i++)
        {
            var columns = WatchPlan.ColumnsOf(signature.Inputs[i]);
            var isWhole = signature.Inputs[i].Name == document.Feature;
            if (!isWhole && !columns.Contains(document.Feature))
                continue;
            var type = Checked(document, signature.Inputs[i]);
            return new Expectation(document, i, isWhole ? null : columns.IndexOf(document.Feature), Math.Max(1, columns.Length), type, rejects);
        }
        var names = signature.Inputs.SelectMany(static p => WatchPlan.ColumnsOf(p) is { IsEmpty: false } c ? c : [p.Name]).ToList();
        throw Wrong($"the model has no feature \"{document.Feature}\"; it has {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}");
    }

    private static ElementType Checked(ExpectationDocument document, Port input)
    {
        if (input.Info.Type is not TensorType tensor || !TensorRecording.CanRecord(tensor.Element))
            throw Wrong($"\"{document.Feature}\" is {input.Info.Type}, of which nothing can be expected");
        if (tensor.Element == ElementType.String && (document.Min ?? document.Max) is not null)
            throw Wrong($"\"{document.Feature}\" is text, and min and max are for numbers");
        if (document.Min > document.Max)
            throw Wrong($"min of \"{document.Feature}\" is above max");
        if (document.Allowed?.FirstOrDefault(static a => a.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)) is { ValueKind: not JsonValueKind.Undefined } odd)
            throw Wrong($"{odd.GetRawText()} in \"allowed\" of \"{document.Feature}\" is neither a number nor a text");
        return tensor.Element;
    }

    private static FailureException Wrong(string what) =>
        new(TerminationReasons.InvalidExpectations, $"The expectations of the model's features cannot be used: {what}.");
}
