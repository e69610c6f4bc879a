using System.Text.Json;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V2;

/// <summary>Reads the JSON of an inference request straight into the call's input memory.</summary>
internal static class InferRequest
{
    /// <summary>A day, in microseconds as the schedule policy extension has them.</summary>
    public const long MaxTimeout = 86_400_000_000;

    public const int MaxClasses = 1_000_000;

    public static void Read(ReadOnlySpan<byte> body, ModelCall call)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw RequestException.Bad("The body must be a JSON object with \"inputs\".");
        var (hasInputs, hasOutputs, hasParameters) = (false, false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Is("inputs"u8))
            {
                Once(ref hasInputs, "inputs");
                ReadInputs(ref reader, call);
            }
            else if (reader.Is("outputs"u8))
            {
                Once(ref hasOutputs, "outputs");
                ReadOutputs(ref reader, call);
            }
            else if (reader.Is("id"u8))
            {
                if (call.HasId)
                    throw Twice("id");
                ReadId(ref reader, call);
            }
            else if (reader.Is("parameters"u8))
            {
                Once(ref hasParameters, "parameters");
                ReadParameters(ref reader, body, call);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        while (reader.Read())
        {
            // Reads on to the end: whatever follows the object is an error that the reader reports.
        }
        if (!hasInputs)
            throw RequestException.Bad("\"inputs\" is missing: a list of {name, shape, datatype, data}.");
    }

    private static void Once(ref bool seen, string field)
    {
        if (seen)
            throw Twice(field);
        seen = true;
    }

    private static RequestException Twice(string field) => RequestException.Bad($"\"{field}\" is there twice.");

    private static void ReadId(ref Utf8JsonReader reader, ModelCall call)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return;
        if (reader.TokenType != JsonTokenType.String)
            throw RequestException.Bad("\"id\" must be a string.");
        if (!System.Text.Unicode.Utf8.IsValid(reader.ValueSpan))
            throw RequestException.Bad("\"id\" is not valid UTF-8.");
        call.Id.Clear();
        call.Id.Raw(reader.ValueSpan);
        call.HasId = true;
    }

    private static void ReadParameters(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ModelCall call)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw RequestException.Bad("\"parameters\" must be an object.");
        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBinary = reader.Is("binary_data_output"u8);
            var isTimeout = reader.Is("timeout"u8);
            var isPriority = reader.Is("priority"u8);
            reader.Read();
            if (isBinary)
                call.BinaryByDefault = JsonParameter.Bool(ref reader, "binary_data_output");
            else if (isPriority)
                call.Ticket.Priority = JsonParameter.Number(ref reader, "priority", 0, long.MaxValue);
            else if (isTimeout)
                call.Timeout = TimeSpan.FromMicroseconds(JsonParameter.Number(ref reader, "timeout", 1, MaxTimeout));
            else
                reader.Skip();
        }
        var text = body[start..(int)reader.BytesConsumed];
        if (!System.Text.Unicode.Utf8.IsValid(text))
            throw RequestException.Bad("\"parameters\" is not valid UTF-8.");
        call.Parameters.Clear();
        call.Parameters.Raw(text);
    }

    private static void ReadInputs(ref Utf8JsonReader reader, ModelCall call)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw RequestException.Bad("\"inputs\" must be a list of {name, shape, datatype, data}.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw RequestException.Bad("Each of \"inputs\" must be an object {name, shape, datatype, data}.");
            InferInput.Read(ref reader, call);
        }
    }

    private static void ReadOutputs(ref Utf8JsonReader reader, ModelCall call)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw RequestException.Bad("\"outputs\" must be a list of {name}.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw RequestException.Bad("Each of \"outputs\" must be an object {name}.");
            ReadOutput(ref reader, call);
        }
    }

    private static void ReadOutput(ref Utf8JsonReader reader, ModelCall call)
    {
        var output = -1;
        var wish = default(OutputWish);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.Is("name"u8);
            var isParameters = reader.Is("parameters"u8);
            reader.Read();
            if (isName && output < 0)
                output = FindOutput(ref reader, call);
            else if (isName)
                throw RequestException.Bad("One of \"outputs\" has \"name\" twice.");
            else if (isParameters && reader.TokenType == JsonTokenType.StartObject)
                wish = ReadWish(ref reader);
            else
                reader.Skip();
        }
        if (output < 0)
            throw RequestException.Bad("One of \"outputs\" has no \"name\".");
        if (!call.Frame.Want(output))
            throw RequestException.Bad($"Output \"{call.Model.Signature.Outputs[output].Name}\" is asked for twice.");
        call.Wishes[output] = wish;
    }

    private static OutputWish ReadWish(ref Utf8JsonReader reader)
    {
        var wish = default(OutputWish);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBinary = reader.Is("binary_data"u8);
            var isClasses = reader.Is("classification"u8);
            reader.Read();
            if (isBinary)
                wish.Binary = JsonParameter.Bool(ref reader, "binary_data");
            else if (isClasses)
                wish.Classes = (int)JsonParameter.Number(ref reader, "classification", 1, MaxClasses);
            else
                reader.Skip();
        }
        return wish;
    }

    private static int FindOutput(ref Utf8JsonReader reader, ModelCall call)
    {
        var index = JsonName.Find(ref reader, call.Model.Signature, outputs: true, "outputs");
        if (index >= 0)
            return index;
        var names = string.Join(", ", call.Model.Signature.Outputs.Select(p => p.Name));
        throw RequestException.Bad(
            $"Output \"{Excerpt.Of(reader.ValueSpan)}\" is unknown; model \"{call.Model.Name}\" gives {names}.");
    }
}
