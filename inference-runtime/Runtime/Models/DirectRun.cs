using Sluice.Onnx;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Models;

/// <summary>Runs a model for ourselves: neither queued nor counted, as nobody asked and the figures are of users' requests.</summary>
internal static class DirectRun
{
    /// <exception cref="RequestException">An input is missing or does not fit, or the model refuses it.</exception>
    public static void Run(ModelCall call)
    {
        RequestCheck.Inputs(call.Model, call.Frame);
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
