namespace Sluice.Onnx;

/// <summary>ONNX Runtime's shared library is missing, not loadable here, or too old.</summary>
public sealed class OnnxLibraryException(string message) : Exception(message);
