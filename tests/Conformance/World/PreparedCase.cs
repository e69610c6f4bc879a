using Sluice.Conformance.Corpus;
using Sluice.Conformance.Values;
using Sluice.Onnx;

namespace Sluice.Conformance.World;

/// <param name="Type">As the model declares it.</param>
/// <param name="Value">What the corpus sends or expects.</param>
sealed record PreparedValue(string Name, OnnxType Type, Value Value);

/// <summary>A case whose model ONNX Runtime loads, with its values read.</summary>
sealed record PreparedCase(
    string Name, string Model, IReadOnlyList<PreparedValue> Inputs, IReadOnlyList<PreparedValue> Outputs)
{
    public bool IsTensorOnly => Inputs.Concat(Outputs).All(v => v.Type is TensorType);

    public bool Takes(Func<ElementType, bool> type) => Inputs.Any(i => i.Value is Tensor t && type(t.Type));

    public bool Gives(Func<ElementType, bool> type) => Outputs.Any(o => o.Value is Tensor t && type(t.Type));

    /// <summary>Loads the model in this process, for its declarations.</summary>
    /// <exception cref="OnnxException">ONNX Runtime cannot load it.</exception>
    public static PreparedCase From(TestCase of)
    {
        using var session = OnnxSession.Load(of.Model, new SessionSettings());
        return new PreparedCase(of.Name, of.Model, Values(of.Inputs, session.Inputs), Values(of.Outputs, session.Outputs));
    }

    /// <summary>Files and declarations correspond by their order; graphs may declare more than the files give.</summary>
    static List<PreparedValue> Values(IReadOnlyList<string> files, IReadOnlyList<ValueInfo> declared) =>
        files.Count <= declared.Count
            ? [.. files.Zip(declared, (file, info) => new PreparedValue(
                info.Name, info.Type, OnnxValues.Read(File.ReadAllBytes(file), info.Type)))]
            : throw new InvalidDataException($"{files.Count} files for {declared.Count} declared values: {string.Join(", ", files)}");
}
