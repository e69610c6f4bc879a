using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Sluice.Runtime.Routing;

/// <summary>A request body that has been read already, for whoever reads it next.</summary>
internal sealed class ReadBody(PipeReader reader) : IRequestBodyPipeFeature
{
    public PipeReader Reader { get; } = reader;

    public static void Put(IFeatureCollection features, ReadOnlyMemory<byte> body) =>
        features.Set<IRequestBodyPipeFeature>(new ReadBody(PipeReader.Create(new ReadOnlySequence<byte>(body))));

    /// <summary>Whoever reads it next gets to say what is wrong with it.</summary>
    public static void PutFailure(IFeatureCollection features, Exception failure) =>
        features.Set<IRequestBodyPipeFeature>(new ReadBody(new FailedReader(failure)));

    private sealed class FailedReader(Exception failure) : PipeReader
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromException<ReadResult>(failure);

        public override bool TryRead(out ReadResult result) => throw failure;

        public override void AdvanceTo(SequencePosition consumed)
        {
            // There is nothing to consume.
        }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            // There is nothing to consume.
        }

        public override void CancelPendingRead()
        {
            // Reads never wait.
        }

        public override void Complete(Exception? exception = null)
        {
            // Nothing is held.
        }
    }
}
