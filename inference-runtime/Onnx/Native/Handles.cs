using System.Runtime.InteropServices;

namespace Sluice.Onnx.Native;

/// <summary>An object that ONNX Runtime made and that one of its Release functions frees, exactly once.</summary>
internal abstract class OrtHandle(OrtApi api) : SafeHandle(0, ownsHandle: true)
{
    protected OrtApi Api { get; } = api;

    public override bool IsInvalid => handle == 0;

    /// <summary>The raw pointer; valid while the caller keeps this object referenced.</summary>
    public nint Pointer => handle;

    protected T Own<T>(nint pointer)
        where T : OrtHandle
    {
        SetHandle(pointer);
        return (T)this;
    }
}

internal sealed unsafe class SessionOptionsHandle(OrtApi api) : OrtHandle(api)
{
    public static SessionOptionsHandle Create(OrtApi api)
    {
        nint pointer;
        api.Check(api.CreateSessionOptions(&pointer));
        return new SessionOptionsHandle(api).Own<SessionOptionsHandle>(pointer);
    }

    protected override bool ReleaseHandle()
    {
        Api.ReleaseSessionOptions(handle);
        return true;
    }
}

/// <summary>
/// A session. Every frame holds a reference (<see cref="SafeHandle.DangerousAddRef"/>), so closing it frees the native
/// session only when the last frame is gone: never under a running call.
/// </summary>
internal sealed unsafe class SessionHandle(OrtApi api, NativeNames names) : OrtHandle(api)
{
    public NativeNames Names { get; } = names;

    public void Take(nint pointer) => SetHandle(pointer);

    protected override bool ReleaseHandle()
    {
        Api.ReleaseSession(handle);
        Names.Free();
        return true;
    }
}

internal sealed unsafe class RunOptionsHandle(OrtApi api) : OrtHandle(api)
{
    public static RunOptionsHandle Create(OrtApi api)
    {
        nint pointer;
        api.Check(api.CreateRunOptions(&pointer));
        return new RunOptionsHandle(api).Own<RunOptionsHandle>(pointer);
    }

    protected override bool ReleaseHandle()
    {
        Api.ReleaseRunOptions(handle);
        return true;
    }
}

internal sealed unsafe class ModelMetadataHandle(OrtApi api) : OrtHandle(api)
{
    public static ModelMetadataHandle Of(OrtApi api, nint session)
    {
        nint pointer;
        api.Check(api.SessionGetModelMetadata(session, &pointer));
        return new ModelMetadataHandle(api).Own<ModelMetadataHandle>(pointer);
    }

    protected override bool ReleaseHandle()
    {
        Api.ReleaseModelMetadata(handle);
        return true;
    }
}

internal sealed unsafe class TypeInfoHandle(OrtApi api) : OrtHandle(api)
{
    public static TypeInfoHandle Owning(OrtApi api, nint pointer) =>
        new TypeInfoHandle(api).Own<TypeInfoHandle>(pointer);

    protected override bool ReleaseHandle()
    {
        Api.ReleaseTypeInfo(handle);
        return true;
    }
}

internal sealed unsafe class ValueHandle(OrtApi api) : OrtHandle(api)
{
    public static ValueHandle Owning(OrtApi api, nint pointer) => new ValueHandle(api).Own<ValueHandle>(pointer);

    protected override bool ReleaseHandle()
    {
        Api.ReleaseValue(handle);
        return true;
    }
}
