using System.Text;
using System.Text.Json;
using Sluice.Onnx;
using Sluice.Runtime.Batching;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Json;
using Sluice.Runtime.Protocols.V2;
using RequestIdentity = Sluice.Monitoring.Feedback.Identity;

namespace Sluice.Runtime.Models;

/// <summary>What a request says about one output.</summary>
/// <param name="Binary">As raw bytes; null when the request does not say.</param>
/// <param name="Classes">When above 0: only the names of so many highest elements.</param>
internal record struct OutputWish(bool? Binary, int Classes);

/// <summary>What one request to a model needs, kept together and reused: the frame, a place in the queue, the answer's text.</summary>
internal sealed class ModelCall(ServedModel model, RunFrame frame) : IDisposable
{
    /// <summary>Beyond this many bytes of input or output, ONNX Runtime is asked to give its working memory back afterwards.</summary>
    public const long Huge = 8 * 1024 * 1024;

    /// <summary>More dimensions than models have.</summary>
    public const int MaxRank = 32;

    public ServedModel Model { get; } = model;

    public RunFrame Frame { get; } = frame;

    public RunTicket Ticket { get; } = new();

    /// <summary>What its inputs are held against; null when nothing is expected.</summary>
    public ExpectationsOfCall? Expectations { get; } = model.Expectations is { } set ? new ExpectationsOfCall(set) : null;

    /// <summary>For a run that nobody else watches.</summary>
    public UnwatchedRun Unwatched { get; } = new();

    /// <summary>What became of it in a run that it shared with others.</summary>
    public SharedRun Shared { get; set; }

    public JsonBuffer Answer { get; } = new();

    /// <summary>The answer's raw bytes; null until one has some.</summary>
    public BinaryAnswer? Binary { get; set; }

    /// <summary>Dimensions of the input being read.</summary>
    public long[] Shape { get; } = new long[MaxRank];

    /// <summary>How the lists of the input being read are nested.</summary>
    public NestedShape Nesting { get; } = new();

    /// <summary>The request's id, escaped as it came, without its quotes.</summary>
    public JsonBuffer Id { get; } = new();

    public bool HasId { get; set; }

    /// <summary>Stands for the id that a label names this call by; see <see cref="Identify"/>.</summary>
    public ulong Identity { get; private set; }

    /// <summary>The request's parameters, a JSON object; empty when there were none.</summary>
    public JsonBuffer Parameters { get; } = new();

    /// <summary>Whether outputs are answered as raw bytes when nothing is said for each (binary_data_output).</summary>
    public bool BinaryByDefault { get; set; }

    /// <summary>What the request says about each output, in the order of the model's outputs.</summary>
    public OutputWish[] Wishes { get; } = new OutputWish[frame.Outputs.Length];

    /// <summary>How long the caller waits, when the request says.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Raw bytes follow the JSON.</summary>
    public bool HasBinary { get; set; }

    /// <summary>Inputs whose elements follow the JSON as raw bytes, in the order of the bytes.</summary>
    public List<(int Input, long? Bytes)> BinaryInputs { get; } = [];

    public bool IsBinary(int output) => Wishes[output].Binary ?? BinaryByDefault;

    /// <summary>At least one output is asked for as raw bytes.</summary>
    public bool WantsBinary
    {
        get
        {
            if (BinaryByDefault)
                return true;
            foreach (var wish in Wishes)
            {
                if (wish.Binary == true)
                    return true;
            }
            return false;
        }
    }

    public bool IsHuge => InputBytes > Huge;

    /// <inheritdoc cref="RunFrame.InputBytes"/>
    public long InputBytes => Frame.InputBytes;

    /// <summary>Of tensors of numbers.</summary>
    public long OutputBytes
    {
        get
        {
            long bytes = 0;
            foreach (var output in Frame.Outputs)
                bytes += output is { Kind: ValueKind.Tensor, Data: not null } ? output.ByteLength : 0;
            return bytes;
        }
    }

    /// <summary>Keeps by which id feedback will name this call: the one in the body, else that of the headers.</summary>
    /// <param name="requestId">That of the headers.</param>
    /// <param name="isEscaped">The one in the body is as JSON has it.</param>
    public void Identify(string requestId, bool isEscaped)
    {
        if (HasId)
        {
            Identity = RequestIdentity.Of(isEscaped && Id.Written.Contains((byte)'\\') ? Unescaped() : Id.Written);
            return;
        }
        Span<byte> ascii = stackalloc byte[256];
        Identity = RequestIdentity.Of(ascii[..Encoding.ASCII.GetBytes(requestId, ascii)]);
    }

    /// <summary>Labels name an id by what it means, however their sender escapes it.</summary>
    private byte[] Unescaped()
    {
        var reader = new Utf8JsonReader([(byte)'"', .. Id.Written, (byte)'"']);
        reader.Read();
        return Encoding.UTF8.GetBytes(reader.GetString()!);
    }

    public void Clear()
    {
        Frame.Clear();
        Answer.Clear();
        Binary?.Clear();
        Id.Clear();
        HasId = false;
        Parameters.Clear();
        BinaryByDefault = false;
        HasBinary = false;
        Timeout = null;
        Ticket.Priority = 0;
        Unwatched.Caller = null;
        Shared = default;
        BinaryInputs.Clear();
        Array.Clear(Wishes);
    }

    public void Dispose() => Frame.Dispose();
}
