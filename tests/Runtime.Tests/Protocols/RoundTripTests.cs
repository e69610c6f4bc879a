using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Onnx;
using Sluice.Runtime.Json;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Protocols;

/// <summary>Whatever JSON says goes through an identity model and comes back as the same value.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void Every_float_comes_back_bit_by_bit() =>
        Prop.ForAll(ArbMap.Default.ArbFor<float[]>(), values => RoundTrip(
            "f32", values, v => float.IsFinite(v) ? v.ToString("R", CultureInfo.InvariantCulture) : Special(v),
            (value, i) => Element<float>(value, i), Same)).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_double_comes_back_bit_by_bit() =>
        Prop.ForAll(ArbMap.Default.ArbFor<double[]>(), values => RoundTrip(
            "f64", values, v => double.IsFinite(v) ? v.ToString("R", CultureInfo.InvariantCulture) : Special(v),
            (value, i) => Element<double>(value, i), (a, b) => Same((float)a, (float)b) && (double.IsNaN(a) || a == b)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_integer_comes_back()
    {
        Check<sbyte>("i8");
        Check<short>("i16");
        Check<int>("i32");
        Check<long>("i64");
        Check<byte>("u8");
        Check<ushort>("u16");
        Check<uint>("u32");
        Check<ulong>("u64");

        static void Check<T>(string input)
            where T : unmanaged, IFormattable =>
            Prop.ForAll(ArbMap.Default.ArbFor<T[]>(), values => RoundTrip(
                input, values, v => v.ToString(null, CultureInfo.InvariantCulture), (value, i) => Element<T>(value, i), (a, b) => a.Equals(b)))
                .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Every_text_comes_back() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string[]>(), texts =>
        {
            var valid = texts.Where(t => t is not null).Select(t => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(t))).ToArray();
            return RoundTrip(
                "text", valid, t => System.Text.Json.JsonEncodedText.Encode(t) is var e ? $"\"{e}\"" : "",
                (value, i) => Encoding.UTF8.GetString(value.StringAt(i)), string.Equals);
        }).QuickCheckThrowOnFailure();

    private static bool Same(float a, float b) => (float.IsNaN(a) && float.IsNaN(b)) || BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);

    private static string Special(double value) =>
        double.IsNaN(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";

    private static unsafe T Element<T>(OnnxValue value, int index)
        where T : unmanaged => ((T*)value.Data)[index];

    /// <summary>JSON → input memory → identity → JSON → the same again.</summary>
    private static bool RoundTrip<T>(
        string input, T[] values, Func<T, string> write, Func<OnnxValue, int, T> read, Func<T, T, bool> same)
    {
        using var session = OnnxSession.Load(TestModels.File(input == "text" ? "text/1" : "types/1"), new SessionSettings());
        using var frame = session.NewFrame();
        var padded = input == "text" || values.Length % 2 == 0 ? values : [.. values, values[0]];
        var text = $"[{string.Join(" ,", padded.Select(write))}]";
        for (var i = 0; i < session.Inputs.Length; i++)
            Fill(frame.Inputs[i], session.Inputs[i].Name == input ? text : "[]");
        frame.Run();
        var output = frame.Outputs[session.Outputs.Select(o => o.Name).ToList().IndexOf(input == "text" ? "echo" : input + "_out")];
        var json = new JsonBuffer();
        TensorJsonWriter.Elements(json, output, 0, output.Count);
        using var parsed = System.Text.Json.JsonDocument.Parse($"[{Encoding.UTF8.GetString(json.Written)}]");
        return parsed.RootElement.GetArrayLength() == padded.Length
            && padded.Select((v, i) => same(v, read(output, i))).All(ok => ok);
    }

    private static void Fill(InputSlot slot, string json)
    {
        slot.Start();
        if (Datatypes.HasJson(slot.ElementType))
        {
            var reader = new System.Text.Json.Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            reader.Read();
            TensorJsonReader.Read(ref reader, slot, new NestedShape());
        }
        slot.SetShape(slot.ElementType == ElementType.String ? [slot.Count] : [slot.Count / 2, 2]);
    }
}
