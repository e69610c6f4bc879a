using Sluice.Onnx;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Models;

/// <summary>Runs a model for ourselves: neither queued nor counted, as nobody asked and the figures are of users' requests.</summary>
internal static class DirectRun
{
    /// <param name="call">With its inputs.</param>
    /// <param name="expected">Rows that are held against what is expected of callers; our own requests are not.</param>
    /// <exception cref="RequestException">An input is missing or does not fit, or the model refuses it.</exception>
    public static void Run(ModelCall call, int expected = 0)
    {
        RequestCheck.Inputs(call.Model, call.Frame);
        if (expected > 0)
            call.Expectations?.Check(call.Frame, expected);
        if (call.Model.Signature.HasTexts)
            TextInputs.Make(call);
        try
        {
            call.Frame.Run(call.IsHuge);
        }
        catch (OnnxException e)
        {
            throw RequestCheck.Explain(call.Model, call.Frame, e);
        }
    }
}
