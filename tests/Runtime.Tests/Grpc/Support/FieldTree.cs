using System.Text;

namespace Sluice.Runtime.Tests.Grpc.Support;

/// <summary>A message taken apart the slow and obvious way: values by field number, in order.</summary>
internal sealed class FieldTree
{
    private readonly List<(int Field, object Value)> values = [];

    public static FieldTree Parse(byte[] message)
    {
        var tree = new FieldTree();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Number(message, ref at);
            object value = (tag % 8) switch
            {
                0 => Number(message, ref at),
                1 => Take(message, ref at, 8),
                2 => Take(message, ref at, (int)Number(message, ref at)),
                5 => Take(message, ref at, 4),
                _ => throw new FormatException($"wire type {tag % 8}"),
            };
            tree.values.Add(((int)(tag / 8), value));
        }
        return tree;
    }

    public IEnumerable<int> Numbers => values.Select(v => v.Field);

    public ulong Varint(int field) => All(field).Cast<ulong>().LastOrDefault();

    public byte[] Bytes(int field) => All(field).Cast<byte[]>().LastOrDefault() ?? [];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public IReadOnlyList<string> Texts(int field) => [.. All(field).Select(v => Encoding.UTF8.GetString((byte[])v))];

    public IReadOnlyList<byte[]> AllBytes(int field) => [.. All(field).Cast<byte[]>()];

    public FieldTree Message(int field) => Parse(Bytes(field));

    public IReadOnlyList<FieldTree> Messages(int field) => [.. All(field).Select(v => Parse((byte[])v))];

    /// <summary>Packed varints.</summary>
    public IReadOnlyList<ulong> Packed(int field)
    {
        var bytes = Bytes(field);
        var numbers = new List<ulong>();
        for (var at = 0; at < bytes.Length;)
            numbers.Add(Number(bytes, ref at));
        return numbers;
    }

    private IEnumerable<object> All(int field) => values.Where(v => v.Field == field).Select(v => v.Value);

    private static ulong Number(byte[] bytes, ref int at)
    {
        ulong value = 0, unit = 1;
        while (true)
        {
            var next = bytes[at++];
            value += (ulong)(next % 128) * unit;
            if (next < 128)
                return value;
            unit *= 128;
        }
    }

    private static byte[] Take(byte[] bytes, ref int at, int length)
    {
        var taken = bytes[at..(at + length)];
        at += length;
        return taken;
    }
}
