using System.Text.Json;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Monitoring;

namespace Sluice.Runtime.Protocols.V1;

/// <summary>POST /v1/models/MODEL:feedback: the truth about predictions that were answered before.</summary>
internal sealed class FeedbackHandler(ServingState state)
{
    public async Task AnswerAsync(Exchange exchange, RestRoute route)
    {
        try
        {
            var model = ModelRequest.Find(state.Catalog, route);
            var feedback = model.Feedback
                ?? throw RequestException.NotFound($"Model \"{model.Name}\" takes no feedback; see --feedback-window.");
            if (!feedback.Predicts)
                throw RequestException.Bad($"Model \"{model.Name}\" has no output with one class, one number or up to 16 scores per row, so a label cannot be held against it.");
            ContentTypes.CheckJson(exchange);
            using var open = await ContentEncoding.OpenAsync(exchange, state);
            using var body = await RequestBody.ReadAsync(open.Reader, open.Length, default);
            using var document = JsonDocument.Parse(body.Memory);
            Answer(exchange, feedback.Join(FeedbackEntry.Read(document.RootElement)));
        }
        catch (RequestException e)
        {
            exchange.AnswerError(e);
        }
        catch (JsonException e)
        {
            exchange.AnswerError(400, $"The body is not valid JSON: {e.Message}");
        }
        catch (BadHttpRequestException e)
        {
            exchange.AnswerError(e.StatusCode, $"The request cannot be read: {e.Message}");
        }
    }

    private static void Answer(Exchange exchange, FeedbackCounts counts)
    {
        var json = new JsonBuffer();
        Number("{\"joined\":"u8, counts.Joined);
        Number(",\"given\":"u8, counts.Given);
        Number(",\"unknown\":"u8, counts.Unknown);
        Number(",\"late\":"u8, counts.Late);
        Number(",\"duplicate\":"u8, counts.Duplicate);
        json.Byte((byte)'}');
        exchange.AnswerJson(200, json);

        void Number(ReadOnlySpan<byte> name, long value)
        {
            json.Raw(name);
            json.Number(value);
        }
    }
}
