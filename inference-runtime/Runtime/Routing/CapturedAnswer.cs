using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Sluice.Runtime.Routing;

/// <summary>Keeps the bytes of an answer while they go out.</summary>
internal sealed class CapturedAnswer : IHttpResponseBodyFeature
{
    private readonly IHttpResponseBodyFeature inner;
    private readonly Tee tee;

    private CapturedAnswer(IHttpResponseBodyFeature inner) => (this.inner, tee) = (inner, new Tee(inner.Writer));

    public ReadOnlyMemory<byte> Bytes => tee.Seen.WrittenMemory;

    public Stream Stream => tee.AsStream();

    public PipeWriter Writer => tee;

    public static CapturedAnswer Put(IFeatureCollection features)
    {
        var captured = new CapturedAnswer(features.GetRequiredFeature<IHttpResponseBodyFeature>());
        features.Set<IHttpResponseBodyFeature>(captured);
        return captured;
    }

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    private sealed class Tee(PipeWriter inner) : PipeWriter
    {
        private Memory<byte> handedOut;

        public ArrayBufferWriter<byte> Seen { get; } = new();

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => handedOut = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            Seen.Write(handedOut.Span[..bytes]);
            inner.Advance(bytes);
            handedOut = handedOut[bytes..];
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
