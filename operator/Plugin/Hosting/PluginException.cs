namespace Sluice.Plugin.Hosting;

/// <summary>What a person can put right: a sentence that says what, where and what to do, and the exit code.</summary>
internal sealed class PluginException(int code, string message, Exception? inner = null) : Exception(message, inner)
{
    public int Code { get; } = code;
}
