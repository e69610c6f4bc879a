using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Sluice.Onnx.Native;

/// <summary>Reads what a loaded session tells about itself.</summary>
internal static unsafe class SessionReader
{
    /// <summary>ONNX Runtime's value for a model version that the file does not set.</summary>
    private const long Unset = long.MaxValue;

    public static ImmutableArray<ValueInfo> Inputs(OnnxEnvironment env, nint session) =>
        Read(env, session, env.Api.SessionGetInputCount, env.Api.SessionGetInputName, env.Api.SessionGetInputTypeInfo);

    public static ImmutableArray<ValueInfo> Outputs(OnnxEnvironment env, nint session) =>
        Read(env, session, env.Api.SessionGetOutputCount, env.Api.SessionGetOutputName, env.Api.SessionGetOutputTypeInfo);

    public static ImmutableArray<ValueInfo> OverridableInitializers(OnnxEnvironment env, nint session) =>
        Read(
            env,
            session,
            env.Api.SessionGetOverridableInitializerCount,
            env.Api.SessionGetOverridableInitializerName,
            env.Api.SessionGetOverridableInitializerTypeInfo);

    public static ModelMetadata Metadata(OnnxEnvironment env, nint session)
    {
        var api = env.Api;
        using var metadata = ModelMetadataHandle.Of(api, session);
        var pointer = metadata.Pointer;
        long version;
        api.Check(api.ModelMetadataGetVersion(pointer, &version));
        return new ModelMetadata(
            Text(env, pointer, api.ModelMetadataGetProducerName),
            Text(env, pointer, api.ModelMetadataGetGraphName),
            Text(env, pointer, api.ModelMetadataGetDomain),
            Text(env, pointer, api.ModelMetadataGetDescription),
            version == Unset ? null : version,
            Custom(env, pointer));
    }

    private static ImmutableArray<ValueInfo> Read(
        OnnxEnvironment env,
        nint session,
        delegate* unmanaged<nint, nuint*, nint> getCount,
        delegate* unmanaged<nint, nuint, nint, byte**, nint> getName,
        delegate* unmanaged<nint, nuint, nint*, nint> getType)
    {
        var api = env.Api;
        nuint count;
        api.Check(getCount(session, &count));
        var values = ImmutableArray.CreateBuilder<ValueInfo>((int)count);
        for (nuint i = 0; i < count; i++)
        {
            byte* name;
            nint type;
            api.Check(getName(session, i, env.Allocator, &name));
            api.Check(getType(session, i, &type));
            values.Add(new ValueInfo(TakeText(env, name) ?? string.Empty, TypeReader.Take(api, type)));
        }
        return values.MoveToImmutable();
    }

    private static Dictionary<string, string> Custom(OnnxEnvironment env, nint metadata)
    {
        var api = env.Api;
        byte** keys;
        long count;
        api.Check(api.ModelMetadataGetCustomMetadataMapKeys(metadata, env.Allocator, &keys, &count));
        var custom = new Dictionary<string, string>();
        for (long i = 0; i < count; i++)
        {
            byte* value;
            api.Check(api.ModelMetadataLookupCustomMetadataMap(metadata, env.Allocator, keys[i], &value));
            custom[TakeText(env, keys[i]) ?? string.Empty] = TakeText(env, value) ?? string.Empty;
        }
        if (count > 0)
            api.Check(api.AllocatorFree(env.Allocator, keys));
        return custom;
    }

    private static string? Text(OnnxEnvironment env, nint metadata, delegate* unmanaged<nint, nint, byte**, nint> get)
    {
        byte* text;
        env.Api.Check(get(metadata, env.Allocator, &text));
        return TakeText(env, text) is { Length: > 0 } value ? value : null;
    }

    private static string? TakeText(OnnxEnvironment env, byte* text)
    {
        var value = Marshal.PtrToStringUTF8((nint)text);
        if (text is not null)
            env.Api.Check(env.Api.AllocatorFree(env.Allocator, text));
        return value;
    }
}
