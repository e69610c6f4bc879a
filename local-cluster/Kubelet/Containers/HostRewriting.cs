using System.Text.RegularExpressions;

namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>
/// Makes a container's arguments and environment mean on the host what they mean in a container of its own. A process
/// has neither a network nor a mount namespace here: both need privileges (root, or user namespaces, which common
/// desktops and containers forbid), so the rule is rewriting, and it is the only one, everywhere. In arguments, probe and
/// hook commands and values of environment variables:
/// <list type="number">
/// <item><c>0.0.0.0</c> and <c>[::]</c>, the addresses that mean "all of mine", become the pod's own address;</item>
/// <item>a path that begins with the mountPath of one of the container's volumes begins with the volume's folder instead,
/// and the terminationMessagePath is the file that the kubelet reads. The longest match wins; a match starts at the
/// start of a path and ends at the end of one of its names. A <c>file://</c> address stays: it names a file of this
/// machine.</item>
/// </list>
/// A program that uses such a path without having been told it in one of these ways does not find it.
/// </summary>
internal sealed class HostRewriting
{
    private readonly Dictionary<string, string> _paths;
    private readonly Regex _pattern;
    private readonly string _podAddress;

    /// <param name="paths">From a path in the container to one on the host; no slash at the end.</param>
    /// <param name="podAddress">The pod's address.</param>
    internal HostRewriting(IReadOnlyDictionary<string, string> paths, string podAddress)
    {
        _podAddress = podAddress;
        _paths = paths.ToDictionary(p => p.Key.TrimEnd('/'), p => p.Value);
        // One pass over all of them: a host folder may itself lie below a path that is mounted, such as /tmp.
        var mounts = _paths.Keys.Where(p => p.Length > 0).OrderByDescending(p => p.Length).Select(Regex.Escape);
        const string address = @"(?<![\w.:])0\.0\.0\.0(?![\w.])|\[::\]";
        var path = string.Join('|', mounts);
        var pattern = path.Length == 0 ? address : $@"{address}|(?<![\w./\-])(?:{path})(?![\w.\-])";
        _pattern = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
    }

    internal string Apply(string text) =>
        _pattern.Replace(text, match => _paths.GetValueOrDefault(match.Value, _podAddress));
}
