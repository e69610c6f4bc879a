namespace Sluice.Onnx.ModelFile;

/// <summary>
/// Reads the few fields of an .onnx file (a protobuf ModelProto) that are wanted, and skips the rest: weights of any
/// size cost one seek each. Field numbers are those of onnx.proto.
/// </summary>
public static class ModelHeaderReader
{
    /// <summary>Graphs nest through If, Loop and Scan; deeper than this is no model.</summary>
    private const int MaxDepth = 64;

    private const int MaxExternalFiles = 1024;

    /// <exception cref="InvalidDataException">The file is not a ModelProto or ends early.</exception>
    public static ModelHeader Read(Stream file)
    {
        var proto = new ProtoStream(file);
        long? irVersion = null;
        string? producerVersion = null;
        var opsets = new Dictionary<string, long>();
        var external = new SortedSet<string>(StringComparer.Ordinal);
        while (proto.ReadTag(file.Length) is { } field)
        {
            switch (field.Number)
            {
                case 1 when field.IsVarint:
                    irVersion = proto.ReadVarint();
                    break;
                case 3 when field.IsBytes:
                    producerVersion = proto.ReadString();
                    break;
                case 7 when field.IsBytes:
                    Graph(proto, proto.ReadEnd(), external, depth: 0);
                    break;
                case 8 when field.IsBytes:
                    Opset(proto, proto.ReadEnd(), opsets);
                    break;
                default:
                    proto.Skip(field);
                    break;
            }
        }
        return new ModelHeader
        {
            IrVersion = irVersion,
            ProducerVersion = string.IsNullOrEmpty(producerVersion) ? null : producerVersion,
            Opsets = opsets,
            ExternalData = [.. external],
        };
    }

    private static void Opset(ProtoStream proto, long end, Dictionary<string, long> opsets)
    {
        var domain = string.Empty;
        long version = 0;
        while (proto.ReadTag(end) is { } field)
        {
            if (field is { Number: 1, IsBytes: true })
                domain = proto.ReadString();
            else if (field is { Number: 2, IsVarint: true })
                version = proto.ReadVarint();
            else
                proto.Skip(field);
        }
        opsets[domain.Length == 0 ? "ai.onnx" : domain] = version;
    }

    /// <summary>GraphProto: node = 1, initializer = 5, sparse_initializer = 15.</summary>
    private static void Graph(ProtoStream proto, long end, SortedSet<string> external, int depth)
    {
        if (depth > MaxDepth)
            throw new InvalidDataException("Graphs are nested too deeply.");
        while (proto.ReadTag(end) is { } field)
        {
            switch (field)
            {
                case { Number: 1, IsBytes: true }:
                    Node(proto, proto.ReadEnd(), external, depth);
                    break;
                case { Number: 5, IsBytes: true }:
                    Tensor(proto, proto.ReadEnd(), external);
                    break;
                case { Number: 15, IsBytes: true }:
                    SparseTensor(proto, proto.ReadEnd(), external);
                    break;
                default:
                    proto.Skip(field);
                    break;
            }
        }
    }

    /// <summary>NodeProto: attribute = 5.</summary>
    private static void Node(ProtoStream proto, long end, SortedSet<string> external, int depth)
    {
        while (proto.ReadTag(end) is { } field)
        {
            if (field is { Number: 5, IsBytes: true })
                Attribute(proto, proto.ReadEnd(), external, depth);
            else
                proto.Skip(field);
        }
    }

    /// <summary>AttributeProto: t = 5, g = 6, tensors = 10, graphs = 11, sparse_tensor = 22, sparse_tensors = 23.</summary>
    private static void Attribute(ProtoStream proto, long end, SortedSet<string> external, int depth)
    {
        while (proto.ReadTag(end) is { } field)
        {
            switch (field)
            {
                case { Number: 5 or 10, IsBytes: true }:
                    Tensor(proto, proto.ReadEnd(), external);
                    break;
                case { Number: 6 or 11, IsBytes: true }:
                    Graph(proto, proto.ReadEnd(), external, depth + 1);
                    break;
                case { Number: 22 or 23, IsBytes: true }:
                    SparseTensor(proto, proto.ReadEnd(), external);
                    break;
                default:
                    proto.Skip(field);
                    break;
            }
        }
    }

    /// <summary>SparseTensorProto: values = 1, indices = 2.</summary>
    private static void SparseTensor(ProtoStream proto, long end, SortedSet<string> external)
    {
        while (proto.ReadTag(end) is { } field)
        {
            if (field is { Number: 1 or 2, IsBytes: true })
                Tensor(proto, proto.ReadEnd(), external);
            else
                proto.Skip(field);
        }
    }

    /// <summary>TensorProto: external_data = 13, entries {key = 1, value = 2}, of which the key "location" names the file.</summary>
    private static void Tensor(ProtoStream proto, long end, SortedSet<string> external)
    {
        while (proto.ReadTag(end) is { } field)
        {
            if (field is { Number: 13, IsBytes: true })
                ExternalEntry(proto, proto.ReadEnd(), external);
            else
                proto.Skip(field);
        }
    }

    private static void ExternalEntry(ProtoStream proto, long end, SortedSet<string> external)
    {
        string key = string.Empty, value = string.Empty;
        while (proto.ReadTag(end) is { } field)
        {
            if (field is { Number: 1, IsBytes: true })
                key = proto.ReadString();
            else if (field is { Number: 2, IsBytes: true })
                value = proto.ReadString();
            else
                proto.Skip(field);
        }
        if (key == "location" && external.Count < MaxExternalFiles)
            external.Add(value);
    }
}
