using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Sluice.Onnx.Native;

/// <summary>Reads ONNX Runtime's type descriptions into <see cref="OnnxType"/>.</summary>
internal static unsafe class TypeReader
{
    private const int Tensor = 1, Sequence = 2, Map = 3, Opaque = 4, Sparse = 5, Optional = 6;

    /// <summary>Takes ownership of <paramref name="typeInfo"/>.</summary>
    public static OnnxType Take(in OrtApi api, nint typeInfo)
    {
        using var handle = TypeInfoHandle.Owning(api, typeInfo);
        return Read(api, typeInfo);
    }

    public static TensorType ReadTensor(in OrtApi api, nint info)
    {
        int element;
        nuint rank;
        api.Check(api.GetTensorElementType(info, &element));
        api.Check(api.GetDimensionsCount(info, &rank));
        var sizes = new long[rank];
        var symbols = stackalloc byte*[(int)Math.Max(1, rank)];
        fixed (long* p = sizes)
            api.Check(api.GetDimensions(info, p, rank));
        api.Check(api.GetSymbolicDimensions(info, symbols, rank));
        var shape = ImmutableArray.CreateBuilder<Dimension>((int)rank);
        for (var i = 0; i < sizes.Length; i++)
        {
            var symbol = Marshal.PtrToStringUTF8((nint)symbols[i]);
            shape.Add(sizes[i] >= 0
                ? new Dimension(sizes[i])
                : new Dimension(-1, string.IsNullOrEmpty(symbol) ? null : symbol));
        }
        return new TensorType((ElementType)element, shape.MoveToImmutable());
    }

    private static OnnxType Read(in OrtApi api, nint typeInfo)
    {
        int kind;
        nint part;
        api.Check(api.GetOnnxTypeFromTypeInfo(typeInfo, &kind));
        switch (kind)
        {
            case Tensor:
                api.Check(api.CastTypeInfoToTensorInfo(typeInfo, &part));
                return part == 0 ? new UnsupportedType("tensor(unknown)") : ReadTensor(api, part);
            case Sequence:
                nint element;
                api.Check(api.CastTypeInfoToSequenceTypeInfo(typeInfo, &part));
                api.Check(api.GetSequenceElementType(part, &element));
                return new SequenceType(Take(api, element));
            case Map:
                int key;
                nint value;
                api.Check(api.CastTypeInfoToMapTypeInfo(typeInfo, &part));
                api.Check(api.GetMapKeyType(part, &key));
                api.Check(api.GetMapValueType(part, &value));
                return new MapType((ElementType)key, Take(api, value));
            case Optional:
                nint contained;
                api.Check(api.CastTypeInfoToOptionalTypeInfo(typeInfo, &part));
                api.Check(api.GetOptionalContainedTypeInfo(part, &contained));
                return new OptionalType(Take(api, contained));
            default:
                return new UnsupportedType(kind switch { Sparse => "sparse_tensor", Opaque => "opaque", _ => "unknown" });
        }
    }
}
