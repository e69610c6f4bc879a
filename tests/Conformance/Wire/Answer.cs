using Sluice.Conformance.Values;

namespace Sluice.Conformance.Wire;

/// <summary>What a server made of a request, whatever the transport.</summary>
enum Verdict
{
    /// <summary>It answered with values.</summary>
    Answered,

    /// <summary>It says that the request is wrong: HTTP 4xx, or the gRPC code for that.</summary>
    Refused,

    /// <summary>Anything else: HTTP 5xx, an unreadable answer, a lost connection.</summary>
    Broken,
}

sealed record NamedValue(string Name, Value Value);

/// <param name="Code">Of HTTP, or of gRPC.</param>
sealed record Answer(Verdict Verdict, int Code, string Message, IReadOnlyList<NamedValue> Values)
{
    public static Answer Of(IReadOnlyList<NamedValue> values) => new(Verdict.Answered, 0, string.Empty, values);
}
