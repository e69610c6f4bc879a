using Sluice.Contract;
using Sluice.Onnx;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Expectations;

/// <summary>What the features of the models are expected to be.</summary>
/// <param name="documents">For each feature.</param>
/// <param name="violations">What a violation comes to; null is as each expectation says. See <see cref="ViolationResults"/>.</param>
internal sealed class ExpectationSettings(IReadOnlyList<ExpectationDocument> documents, string? violations = null)
{
    private ViolationMetrics? counted;

    /// <exception cref="FailureException">They do not fit the model.</exception>
    public ExpectationSet For(string model, string version, OnnxSession session, RuntimeMetrics metrics)
    {
        counted ??= new ViolationMetrics(metrics.Registry);
        return ExpectationSet.For(documents, new Signature(session), violations, new ViolationSeries(counted, model, version, metrics.Revision));
    }
}
