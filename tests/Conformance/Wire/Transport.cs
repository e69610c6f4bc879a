using Sluice.Conformance.World;

namespace Sluice.Conformance.Wire;

/// <summary>One way to send a tensor to the server and to get one back.</summary>
abstract class Transport
{
    public abstract string Name { get; }

    /// <summary>Whether it has no form for FP16 and BF16, so that the server must refuse them.</summary>
    public abstract bool IsTyped { get; }

    /// <summary>Never throws for what the server does: that is an answer too.</summary>
    public async Task<Answer> InferAsync(PreparedCase of)
    {
        try
        {
            return await SendAsync(of);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or FormatException
            or InvalidOperationException or KeyNotFoundException or ArgumentException or OperationCanceledException
            or System.Text.Json.JsonException)
        {
            return new Answer(Verdict.Broken, 0, $"{e.GetType().Name}: {e.Message} {e.InnerException?.Message}", []);
        }
    }

    protected abstract Task<Answer> SendAsync(PreparedCase of);

    protected static IEnumerable<WireTensor> Inputs(PreparedCase of) =>
        of.Inputs.Select(i => WireTensor.From(i.Name, i.Value, i.Type));

    /// <summary>Outputs by name, as values of the kinds that the model declares.</summary>
    protected static Answer Answered(PreparedCase of, IEnumerable<WireTensor> outputs) => Answer.Of(
    [
        .. outputs.Select(o => new NamedValue(o.Name, o.ToValue(of.Outputs.First(d => d.Name == o.Name).Type))),
    ]);
}
