using System.Text.RegularExpressions;

namespace Sluice.LocalCluster.Api.Validation;

/// <summary>The forms of names, and what Kubernetes says about a name that has not the form. Empty when it has.</summary>
internal static partial class Names
{
    static readonly string[] NotInPaths = ["/", "%"];

    const string SubdomainMessage = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
        "and must start and end with an alphanumeric character";

    const string LabelMessage = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', " +
        "and must start and end with an alphanumeric character";

    const string DnsLabelMessage = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', " +
        "start with an alphabetic character, and end with an alphanumeric character";

    const string QualifiedMessage = "name part must consist of alphanumeric characters, '-', '_' or '.', " +
        "and must start and end with an alphanumeric character";

    const string ValueMessage = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
        "and must start and end with an alphanumeric character";

    public static IEnumerable<string> Subdomain(string name) => Check(name, 253, SubdomainForm(), SubdomainMessage,
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'", "e.g. 'example.com'");

    public static IEnumerable<string> Label(string name) => Check(name, 63, LabelForm(), LabelMessage,
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?'", "e.g. 'my-name',  or '123-abc'");

    /// <summary>What Services are named by.</summary>
    public static IEnumerable<string> Dns1035(string name) => Check(name, 63, DnsLabelForm(), DnsLabelMessage,
        "'[a-z]([-a-z0-9]*[a-z0-9])?'", "e.g. 'my-name',  or 'abc-123'");

    /// <summary>Names of RBAC objects and others that are only parts of a URL's path.</summary>
    public static IEnumerable<string> PathSegment(string name)
    {
        if (name is "." or "..")
            yield return $"may not be '{name}'";
        foreach (var illegal in NotInPaths.Where(text => name.Contains(text, StringComparison.Ordinal)))
            yield return $"may not contain '{illegal}'";
    }

    public static IEnumerable<string> LabelValue(string value)
    {
        if (value.Length > 63)
            yield return "must be no more than 63 bytes";
        if (!ValueForm().IsMatch(value))
        {
            yield return $"{ValueMessage} (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
                "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
        }
    }

    /// <summary>Keys of labels and annotations, names of finalizers.</summary>
    public static IEnumerable<string> Qualified(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2)
        {
            yield return $"a qualified name {QualifiedMessage[10..]} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
                "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            yield break;
        }

        if (parts.Length == 2)
        {
            if (parts[0].Length == 0)
                yield return "prefix part must be non-empty";
            else
            {
                foreach (var error in Subdomain(parts[0]))
                    yield return $"prefix part {error}";
            }
        }

        var name = parts[^1];
        if (name.Length == 0)
            yield return "name part must be non-empty";
        else if (name.Length > 63)
            yield return "name part must be no more than 63 bytes";
        if (!QualifiedForm().IsMatch(name))
        {
            yield return $"{QualifiedMessage} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
                "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
        }
    }

    static IEnumerable<string> Check(string name, int length, Regex form, string message, string regex, string example)
    {
        if (name.Length > length)
            yield return $"must be no more than {length} bytes";
        if (!form.IsMatch(name))
            yield return $"{message} ({example}, regex used for validation is {regex})";
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex SubdomainForm();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex LabelForm();

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex DnsLabelForm();

    [GeneratedRegex(@"\A(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex ValueForm();

    [GeneratedRegex(@"\A([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.ExplicitCapture)]
    private static partial Regex QualifiedForm();
}
