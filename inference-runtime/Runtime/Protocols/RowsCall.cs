using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols;

/// <summary>From a JSON body of rows to a JSON answer, as V1 and the simple calls have it.</summary>
internal static class RowsCall
{
    /// <summary>Fills the call's inputs from a body.</summary>
    /// <returns>How many rows the answer is told in.</returns>
    public delegate long Reader(ReadOnlySpan<byte> body, ModelCall call);

    /// <param name="exchange">Asks, and is answered.</param>
    /// <param name="state">The server's bounds.</param>
    /// <param name="model">Runs.</param>
    /// <param name="read">Reads the body.</param>
    /// <param name="write">Writes the outputs, told in so many rows, into the call's answer.</param>
    /// <exception cref="RequestException">The body does not fit the model, or the model cannot run now.</exception>
    public static async ValueTask AnswerAsync(
        Exchange exchange, ServingState state, ServedModel model, Reader read, Action<ModelCall, long> write)
    {
        ContentTypes.CheckJson(exchange);
        var call = model.Rent();
        try
        {
            long rows;
            using (var open = await ContentEncoding.OpenAsync(exchange, state))
            using (var body = await RequestBody.ReadAsync(open.Reader, open.Length, default))
                rows = read(body.Memory.Span, call);
            await ModelRequest.RunAsync(exchange, state, call);
            exchange.MarkNotFinite(call);
            write(call, rows);
            exchange.AnswerJson(200, call.Answer);
        }
        finally
        {
            model.Return(call);
        }
    }
}
