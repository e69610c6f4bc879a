using Sluice.Runtime.Tests.Grpc.Wire;

namespace Sluice.Runtime.Tests.Grpc.Support;

/// <summary>Inference requests, encoded by the reference encoder.</summary>
internal static class InferMessage
{
    public static ReferenceEncoder To(string model, string version = "") =>
        version.Length == 0 ? new ReferenceEncoder().Text(1, model) : new ReferenceEncoder().Text(1, model).Text(2, version);

    public static ReferenceEncoder Head(string name, string datatype, params long[] shape) =>
        new ReferenceEncoder().Text(1, name).Text(2, datatype).Packed(3, shape.Select(s => (ulong)s));

    /// <summary>An input with typed contents.</summary>
    public static ReferenceEncoder Typed(
        this ReferenceEncoder request, string name, string datatype, long[] shape, ReferenceEncoder contents) =>
        request.Message(5, Head(name, datatype, shape).Message(5, contents));

    /// <summary>An input whose elements are in <see cref="Contents"/>.</summary>
    public static ReferenceEncoder Input(
        this ReferenceEncoder request, string name, string datatype, params long[] shape) =>
        request.Message(5, Head(name, datatype, shape));

    public static ReferenceEncoder Contents(this ReferenceEncoder request, byte[] raw) => request.Bytes(7, raw);

    public static ReferenceEncoder Output(this ReferenceEncoder request, string name) =>
        request.Message(6, new ReferenceEncoder().Text(1, name));

    public static ReferenceEncoder Floats(params float[] values) => new ReferenceEncoder().Bytes(6, Bytes(values));

    public static byte[] Bytes(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] Bytes(params long[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>The first row of the iris data, for the model of that name.</summary>
    public static byte[] Iris(string version = "") => To("iris", version)
        .Typed("input", "FP32", [1, 4], Floats(5.1f, 3.5f, 1.4f, 0.2f)).ToArray();

    public static byte[] IrisRaw() => To("iris").Input("input", "FP32", 1, 4).Contents(Bytes(5.1f, 3.5f, 1.4f, 0.2f)).ToArray();
}
