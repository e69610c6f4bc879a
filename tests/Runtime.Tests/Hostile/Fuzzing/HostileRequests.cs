using FsCheck;
using FsCheck.Fluent;
using Sluice.Runtime.Tests.Grpc.Wire;

namespace Sluice.Runtime.Tests.Hostile.Fuzzing;

/// <summary>Requests with the parts of good ones, in any order, number and kind. They shrink to what matters.</summary>
internal static class HostileRequests
{
    private static readonly Gen<string> Name = Gen.Elements(
        "input", "x", "text", "label", "y", "", "../input", "\\u0000", "\\ud800", new string('n', 3000));

    private static readonly Gen<string> Datatype = Gen.Elements("FP32", "FP64", "INT64", "UINT8", "BOOL", "BYTES", "FP16", "BF16", "fp32", "");

    private static readonly Gen<string> Scalar = Gen.Elements(
        "0", "1", "-1", "0.5", "1e400", "9223372036854775808", "NaN", "\"NaN\"", "\"-Infinity\"", "true", "null", "\"good\"", "\"\\udc00\"", "{}", "{\"a\":[]}");

    private static readonly Gen<string> Size = Gen.Elements(
        "0", "1", "2", "3", "4", "-1", "4294967296", "4611686018427387904", "9223372036854775807", "9223372036854775808", "1.5", "null", "\"4\"", "[4]");

    private static readonly Gen<string> Parameters = Gen.Elements(
        "{}", "null", "[]", "{\"binary_data_size\":16}", "{\"binary_data_size\":-1}", "{\"binary_data\":true}", "{\"binary_data_output\":true}",
        "{\"classification\":2}", "{\"classification\":0}", "{\"classification\":9999999999}", "{\"timeout\":0}", "{\"content_type\":\"application/json\"}");

    private static readonly Gen<string> Input = Object(
        Member("name", Quoted(Name)), Member("shape", List(Size)), Member("datatype", Quoted(Datatype)),
        Member("data", Gen.Sized(Data)), Member("parameters", Parameters));

    private static readonly Gen<string> Output = Object(Member("name", Quoted(Name)), Member("parameters", Parameters));

    /// <summary>A V2 request's JSON.</summary>
    public static Arbitrary<string> V2 { get; } = Arb.From(
        Object(
            Member("inputs", List(Input)), Member("outputs", List(Output)), Member("id", Scalar), Member("parameters", Parameters)),
        Shorter);

    /// <summary>A message of fields that ModelInferRequest has and has not, nested as it comes.</summary>
    public static Arbitrary<byte[]> Protobuf { get; } = Arb.From(Gen.Sized(Message), ShorterBytes);

    private static Gen<string> Quoted(Gen<string> of) => of.Select(text => $"\"{text}\"");

    private static Gen<string> Member(string name, Gen<string> value) => value.Select(text => $"\"{name}\":{text}");

    private static Gen<string> List(Gen<string> of) => of.ArrayOf().Select(items => $"[{string.Join(',', items.Take(6))}]");

    /// <summary>Each member none, one or two times, mostly once, in any order.</summary>
    private static Gen<string> Object(params Gen<string>[] members) =>
        from counts in Gen.Frequency((1, Gen.Constant(0)), (12, Gen.Constant(1)), (1, Gen.Constant(2))).ArrayOf(members.Length)
        from values in Gen.CollectToArray(members)
        from order in Gen.Shuffle(Enumerable.Range(0, members.Length).ToArray())
        select $"{{{string.Join(',', order.SelectMany(i => Enumerable.Repeat(values[i], counts[i])))}}}";

    private static Gen<string> Data(int depth) => depth <= 1
        ? Scalar
        : Gen.OneOf(List(Scalar), List(Data(depth / 4)));

    private static Gen<byte[]> Message(int depth) =>
        Field(depth).ArrayOf().Select(fields => fields.Take(8).SelectMany(f => f).ToArray());

    private static Gen<byte[]> Field(int depth)
    {
        var number = Gen.Choose(1, 9);
        var varint = number.SelectMany(
            _ => Gen.Elements(0UL, 1UL, 4UL, ulong.MaxValue, 1UL << 62, uint.MaxValue), (f, v) => new ReferenceEncoder().Varint(f, v).ToArray());
        var text = number.SelectMany(
            _ => Gen.Elements("iris", "text", "BOOL", "input", "x", "FP32", "BYTES", "2", ""), (f, t) => new ReferenceEncoder().Text(f, t).ToArray());
        var raw = number.SelectMany(
            _ => Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(), (f, b) => new ReferenceEncoder().Bytes(f, b).ToArray());
        var model = Gen.Elements("iris", "text", "BOOL").Select(t => new ReferenceEncoder().Text(1, t).ToArray());
        return depth <= 1
            ? Gen.OneOf(varint, text, raw, model)
            : Gen.OneOf(
                varint, text, raw, model,
                number.SelectMany(_ => Message(depth / 4), (f, m) => new ReferenceEncoder().Bytes(f, m).ToArray()));
    }

    private static IEnumerable<string> Shorter(string text)
    {
        for (var cut = text.Length / 2; cut > 0; cut /= 2)
        {
            for (var at = 0; at + cut <= text.Length; at += cut)
                yield return text.Remove(at, cut);
        }
    }

    private static IEnumerable<byte[]> ShorterBytes(byte[] bytes)
    {
        for (var cut = bytes.Length / 2; cut > 0; cut /= 2)
        {
            for (var at = 0; at + cut <= bytes.Length; at += cut)
                yield return [.. bytes[..at], .. bytes[(at + cut)..]];
        }
    }
}
