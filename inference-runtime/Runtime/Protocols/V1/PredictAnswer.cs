using Sluice.Onnx;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;
using Sluice.Runtime.Protocols.V2;

namespace Sluice.Runtime.Protocols.V1;

/// <summary>
/// Writes {"predictions": …}. Asked in rows: one entry per row, the output's value itself or, with several outputs, an
/// object with a key per output. Asked in columns, or when an output does not have one entry per row: the same with
/// whole outputs.
/// </summary>
internal static class PredictAnswer
{
    /// <param name="rows">-1 when asked in columns.</param>
    public static void Write(ModelCall call, long rows)
    {
        call.Answer.Raw("{\"predictions\":"u8);
        Predictions(call, rows);
        call.Answer.Byte((byte)'}');
    }

    /// <param name="rows">-1 when asked in columns.</param>
    public static void Predictions(ModelCall call, long rows)
    {
        var json = call.Answer;
        Check(call);
        if (rows >= 0 && HaveRows(call, rows))
        {
            json.Byte((byte)'[');
            for (long row = 0; row < rows; row++)
            {
                if (row > 0)
                    json.Byte((byte)',');
                Row(json, call, row);
            }
            json.Byte((byte)']');
        }
        else
        {
            Row(json, call, row: -1);
        }
    }

    /// <exception cref="Http.RequestException">JSON cannot carry an output.</exception>
    public static void Check(ModelCall call)
    {
        var outputs = call.Frame.Outputs;
        for (var i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].Kind == ValueKind.Tensor)
                InferAnswer.CheckJson(call.Model.Signature.Outputs[i], outputs[i].ElementType);
        }
    }

    /// <summary>Each output has one entry per row.</summary>
    public static bool HaveRows(ModelCall call, long rows)
    {
        foreach (var output in call.Frame.Outputs)
        {
            var fits = output.Kind switch
            {
                ValueKind.Tensor => output.Shape.Length > 0 && output.Shape[0] == rows,
                ValueKind.Sequence => output.Count == rows,
                _ => false,
            };
            if (!fits)
                return false;
        }
        return true;
    }

    /// <param name="json">Written to.</param>
    /// <param name="call">That ran.</param>
    /// <param name="row">-1 for all of it.</param>
    public static void Row(JsonBuffer json, ModelCall call, long row)
    {
        var ports = call.Model.Signature.Outputs;
        var outputs = call.Frame.Outputs;
        if (outputs.Length == 1)
        {
            Value(json, outputs[0], row);
            return;
        }
        json.Byte((byte)'{');
        for (var i = 0; i < outputs.Length; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            json.Raw(ports[i].JsonName);
            json.Byte((byte)':');
            Value(json, outputs[i], row);
        }
        json.Byte((byte)'}');
    }

    /// <param name="json">Written to.</param>
    /// <param name="value">An output.</param>
    /// <param name="row">-1 for all of it.</param>
    public static void Value(JsonBuffer json, OnnxValue value, long row)
    {
        if (row < 0)
        {
            TensorJsonWriter.Value(json, value);
            return;
        }
        if (value.Kind == ValueKind.Sequence)
        {
            using var item = value.Item((int)row);
            TensorJsonWriter.Value(json, item);
            return;
        }
        var shape = value.Shape[1..];
        TensorJsonWriter.Nested(json, value, shape, row * TensorShape.ElementCount(shape));
    }
}
