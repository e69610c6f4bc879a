using System.Text;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Onnx;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Http;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;
using Sluice.Runtime.Protocols.V1;
using Sluice.Runtime.Protocols.V2;

namespace Sluice.Runtime.Golden;

/// <summary>What came of one case.</summary>
/// <param name="Case">Its name in quotes, or its place.</param>
/// <param name="Difference">The first one, in a sentence; null when the model answers as it must.</param>
internal sealed record GoldenResult(string Case, string? Difference);

/// <summary>Sends golden requests through a model, by the code that serves, and looks at the answers.</summary>
internal static class GoldenReplay
{
    public static IEnumerable<GoldenResult> Run(ServedModel model, GoldenDocument golden) => golden.Cases.Select((c, i) =>
        new GoldenResult(NameOf(golden.Cases, i), Difference(model, c, c.Tolerance ?? golden.Tolerance ?? Tolerance.Usual)));

    /// <exception cref="FailureException">An answer differs.</exception>
    public static void Require(ServedModel model, GoldenDocument golden)
    {
        if (Run(model, golden).FirstOrDefault(static r => r.Difference is not null) is { } first)
            throw Mismatch(first);
    }

    /// <summary>Of a model that is loaded to be looked at; the session is disposed.</summary>
    public static void Require(OnnxSession session, GoldenDocument golden, TimeProvider time)
    {
        using var model = Alone(session, time);
        Require(model, golden);
    }

    /// <summary>The session as a model that is looked at and serves nobody.</summary>
    /// <param name="session">Disposed with the model.</param>
    /// <param name="time">For its metrics.</param>
    /// <param name="expected">What its features are expected to be.</param>
    public static ServedModel Alone(OnnxSession session, TimeProvider time, IReadOnlyList<ExpectationDocument>? expected = null) =>
        new("model", "1", session, new RunGate(1, 1), new RunWatch(TimeSpan.Zero, time), new RuntimeMetrics(time, string.Empty).For("model", "1"))
        {
            Expectations = expected is { Count: > 0 } ? ExpectationSet.For(expected, new Signature(session), violations: null, series: null) : null,
        };

    public static FailureException Mismatch(GoldenResult result) =>
        new(TerminationReasons.GoldenMismatch, $"Golden case {result.Case}: {result.Difference}");

    public static string NameOf(IReadOnlyList<GoldenCase> cases, int index) =>
        cases[index].Name is { Length: > 0 } name ? $"\"{name}\"" : $"{index + 1} of {cases.Count}";

    private static string? Difference(ServedModel model, GoldenCase golden, Tolerance tolerance)
    {
        var isV2 = IsV2(golden.Request);
        var call = model.Rent();
        try
        {
            Answer(call, Encoding.UTF8.GetBytes(golden.Request.GetRawText()), isV2);
            using var got = JsonDocument.Parse(call.Answer.Written.ToArray());
            return isV2
                ? GoldenCompare.Outputs(golden.Response, got.RootElement, tolerance)
                : GoldenCompare.Predictions(golden.Response, got.RootElement, tolerance);
        }
        catch (Exception e) when (e is RequestException or JsonException)
        {
            return $"the model refuses the request: {e.Message}";
        }
        finally
        {
            model.Return(call);
        }
    }

    private static void Answer(ModelCall call, byte[] body, bool isV2)
    {
        long rows = -1;
        if (isV2)
            InferRequest.Read(body, call);
        else
            rows = PredictRequest.Read(body, call);
        DirectRun.Run(call);
        if (isV2)
            InferAnswer.Write(call, binary: null);
        else
            PredictAnswer.Write(call, rows);
    }

    /// <summary>V2 has a list of inputs with a datatype each; in V1 "inputs" are values.</summary>
    private static bool IsV2(JsonElement request) =>
        request.TryGetProperty("inputs"u8, out var inputs) && inputs.ValueKind == JsonValueKind.Array && inputs.GetArrayLength() > 0
        && inputs[0].ValueKind == JsonValueKind.Object && inputs[0].TryGetProperty("datatype"u8, out _);
}
