using System.Text;
using Sluice.Onnx;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>The protocol's names of element types, as bytes.</summary>
internal static class DatatypeNames
{
    private static readonly byte[][] Names =
        [.. Enum.GetValues<ElementType>().Order().Select(t => Encoding.UTF8.GetBytes(Datatypes.Name(t)))];

    public static ReadOnlySpan<byte> Utf8(ElementType type) => Names[(int)type];
}
