using System.IO.Pipelines;
using Sluice.Onnx;
using Sluice.Runtime.Protocols.V2;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Protocols;

/// <summary>When the caller has gone, the server's writer has no memory for who does not say how much it wants.</summary>
public sealed class GoneCallerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-gone").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_binary_answer_that_nobody_reads_is_written_without_a_fault(int element)
    {
        var file = new OnnxWriter()
            .Input("x", OnnxTypes.Tensor(element, "n")).Output("y", OnnxTypes.Tensor(element, "n")).Node("Identity", ["x"], ["y"]).Save(folder);
        using var session = OnnxSession.Load(file, new SessionSettings());
        using var frame = session.NewFrame();
        var slot = frame.Inputs[0];
        slot.Start();
        for (var i = 0; i < 3; i++)
        {
            if (element == 8)
                slot.AppendString("text"u8);
            else
                slot.Append(1f);
        }
        slot.SetShape([3]);
        frame.Run();
        var answer = new BinaryAnswer();
        answer.Add(frame.Outputs[0]);
        answer.Add([[1, 2, 3]]);
        var writer = new GoneWriter();

        await answer.WriteAsync(writer);

        writer.Written.Should().Be(answer.Length);
    }

    private sealed class GoneWriter : PipeWriter
    {
        public long Written { get; private set; }

        public override void Advance(int bytes) => Written += bytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => new byte[sizeHint];

        public override Span<byte> GetSpan(int sizeHint = 0) => new byte[sizeHint];

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;
    }
}
