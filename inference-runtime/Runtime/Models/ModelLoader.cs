using Sluice.Contract;
using Sluice.Onnx;
using Sluice.Runtime.Batching;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Golden;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Monitoring;

namespace Sluice.Runtime.Models;

/// <summary>Turns a model file into a served model: loaded, warmed by an inference, and giving the golden answers if there are any.</summary>
internal sealed class ModelLoader(
    RunGate gate, RunWatch watch, SessionSettings settings, RuntimeMetrics metrics, ILogger logger, string? golden = null, ModelMonitors? monitors = null,
    ExpectationSettings? expectations = null, BatchPolicy? batching = null)
{
    /// <exception cref="FailureException">The model cannot be served; the reason says why.</exception>
    public ServedModel Load(ModelLocation location)
    {
        var began = metrics.Time.GetTimestamp();
        var session = Open(location.File, settings);
        try
        {
            var warmed = Warmup.Run(session);
            if (warmed.Failure is { } failure)
                Log.NotWarmed(logger, location.Name, failure);
            var served = new ServedModel(
                location.Name, location.Version, session, gate, watch, metrics.For(location.Name, location.Version))
            {
                Monitor = monitors?.Watch(location.Name, location.Version, session),
                Feedback = monitors?.Remember(location.Name, location.Version, session),
                Expectations = expectations?.For(location.Name, location.Version, session, metrics),
                Batcher = batching?.For(location, session, warmed),
            };
            Replay(location, served);
            var took = metrics.Time.GetElapsedTime(began);
            metrics.Loaded(location.Name, location.Version, took);
            Log.ModelLoaded(logger, location.Name, location.Version, location.File, took.TotalSeconds);
            return served;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The version is out of service.</summary>
    public void Forget(ModelLocation location) => metrics.Unloaded(location.Name, location.Version);

    /// <summary>A folder that is named but empty is a ConfigMap that is gone: the model was verified when it was there.</summary>
    private void Replay(ModelLocation location, ServedModel model)
    {
        if (GoldenFile.Find(location.File, golden) is { } answers)
        {
            GoldenReplay.Require(model, answers);
            Log.GoldenReplayed(logger, location.Name, location.Version, answers.Cases.Count);
        }
        else if (!string.IsNullOrEmpty(golden))
            Log.GoldenGone(logger, location.Name, location.Version, golden);
    }

    /// <summary>Loads without warming.</summary>
    /// <exception cref="FailureException">The model cannot be loaded; the reason says why.</exception>
    public static OnnxSession Open(string file, SessionSettings settings)
    {
        ModelFormat.Check(file);
        try
        {
            return OnnxSession.Load(file, settings);
        }
        catch (OnnxException e)
        {
            throw new FailureException(ReasonFor(e), $"{Path.GetFileName(file)} cannot be loaded: {Cause(e, file)}");
        }
        catch (OnnxLibraryException e)
        {
            throw new FailureException(TerminationReasons.InternalError, e.Message);
        }
    }

    private static string Cause(OnnxException error, string file) => error.Code == OnnxErrorCode.InvalidProtobuf
        ? "it is not a whole ONNX model but cut off, damaged or of another format (protobuf parsing failed)."
        : error.Message.Replace($"Load model from {file} failed:", string.Empty, StringComparison.Ordinal);

    private static string ReasonFor(OnnxException error) => error.Code switch
    {
        OnnxErrorCode.NoSuchFile => TerminationReasons.NotFound,
        OnnxErrorCode.NotImplemented => TerminationReasons.UnsupportedOperator,
        _ when SaysUnsupported(error.Message) => TerminationReasons.UnsupportedOperator,
        _ => TerminationReasons.CorruptModel,
    };

    /// <summary>ONNX Runtime reports an unknown operator or opset with its general failure code.</summary>
    private static bool SaysUnsupported(string message) =>
        message.Contains("not a registered function/op", StringComparison.Ordinal)
        || message.Contains("Could not find an implementation", StringComparison.Ordinal)
        || message.Contains("No Op registered", StringComparison.Ordinal)
        || message.Contains("No opset import for domain", StringComparison.Ordinal)
        || message.Contains("Unsupported model IR version", StringComparison.Ordinal)
        || message.Contains("is under development and support for this is limited", StringComparison.Ordinal);
}
