namespace Sluice.LocalCluster.Api.Patches;

/// <summary>A patch cannot be applied.</summary>
/// <param name="message">Why.</param>
/// <param name="malformed">The patch is wrong in itself, whatever it is applied to.</param>
internal sealed class PatchException(string message, bool malformed = false) : Exception(message)
{
    public bool Malformed { get; } = malformed;
}
