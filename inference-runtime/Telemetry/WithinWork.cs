using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Sluice.Telemetry;

/// <summary>A call to another server belongs to the work that it is made for; one that belongs to none, such as a watch, is left out.</summary>
internal sealed class WithinWork(Sampler inner) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Kind == ActivityKind.Client && samplingParameters.ParentContext.TraceId == default
            ? new SamplingResult(SamplingDecision.Drop)
            : inner.ShouldSample(samplingParameters);
}
