using System.Text;
using System.Text.Json;

namespace Sluice.Contract;

/// <summary>Why a program in a serving pod ended: one JSON line in the container's termination message and on stderr.</summary>
/// <param name="Reason">One of <see cref="TerminationReasons"/>; becomes a condition's reason.</param>
/// <param name="Message">For people: what, where, and what to do.</param>
public sealed record TerminationMessage(string Reason, string Message)
{
    /// <summary>What a kubelet keeps of a termination message, in bytes.</summary>
    public const int LimitBytes = 4096;

    /// <summary>The JSON line, shortened to the kubelet's limit.</summary>
    public string ToLine()
    {
        var line = JsonSerializer.Serialize(this, ContractJson.Default.TerminationMessage);
        // Each character of the message takes at most six bytes of JSON ("\u00e4"), so this ends after few rounds.
        for (var keep = Message.Length; Encoding.UTF8.GetByteCount(line) > LimitBytes - 1; keep /= 2)
        {
            var shortened = this with { Message = string.Concat(Message.AsSpan(0, keep), "…") };
            line = JsonSerializer.Serialize(shortened, ContractJson.Default.TerminationMessage);
        }
        return line;
    }

    /// <summary>Reads the last line of a termination message; null when it is not one of ours.</summary>
    public static TerminationMessage? TryParse(string? text)
    {
        if (text is null)
            return null;
        var trimmed = text.TrimEnd();
        var line = trimmed[(trimmed.LastIndexOf('\n') + 1)..];
        try
        {
            return JsonSerializer.Deserialize(line, ContractJson.Default.TerminationMessage) is
                { Reason: not null, Message: not null } message ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

public static class TerminationReasons
{
    /// <summary>Nothing lies at the address.</summary>
    public const string NotFound = "NotFound";

    /// <summary>The storage refuses us.</summary>
    public const string AccessDenied = "AccessDenied";

    /// <summary>The Secret that holds what the storage wants does not exist, or holds nothing.</summary>
    public const string CredentialsMissing = "CredentialsMissing";

    /// <summary>The storage does not answer, also after retries.</summary>
    public const string Unreachable = "Unreachable";

    /// <summary>The artifact is not the one that was pinned.</summary>
    public const string DigestMismatch = "DigestMismatch";

    /// <summary>The file is not a whole ONNX model.</summary>
    public const string CorruptModel = "CorruptModel";

    /// <summary>The model uses an operator or a type that ONNX Runtime's CPU provider lacks.</summary>
    public const string UnsupportedOperator = "UnsupportedOperator";

    /// <summary>The artifact is larger than allowed.</summary>
    public const string TooLarge = "TooLarge";

    /// <summary>The address cannot be read as one, or its scheme is not known.</summary>
    public const string InvalidUri = "InvalidUri";

    /// <summary>The command line or an environment variable is wrong.</summary>
    public const string InvalidOptions = "InvalidOptions";

    /// <summary>A port is taken or may not be bound.</summary>
    public const string AddressInUse = "AddressInUse";

    /// <summary>The model loads but its first inference fails.</summary>
    public const string WarmupFailed = "WarmupFailed";

    /// <summary>The model answers a golden request otherwise than it must.</summary>
    public const string GoldenMismatch = "GoldenMismatch";

    /// <summary>The golden answers are not where they are said to be.</summary>
    public const string GoldenMissing = "GoldenMissing";

    /// <summary>The golden answers cannot be read as such.</summary>
    public const string InvalidGolden = "InvalidGolden";

    /// <summary>The baseline is not where it is said to be, or cannot be read as one.</summary>
    public const string InvalidBaseline = "InvalidBaseline";

    /// <summary>What is expected of the features cannot be read, or does not fit the model.</summary>
    public const string InvalidExpectations = "InvalidExpectations";

    /// <summary>The disk is full or the target folder cannot be written.</summary>
    public const string WriteFailed = "WriteFailed";

    /// <summary>Anything else; the message says what.</summary>
    public const string InternalError = "InternalError";
}
