using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Desired;

/// <summary>
/// What the operator was told to give every serving pod of OpenTelemetry's variables, and what tells the pods of one
/// service from those of another. A service's own variables win.
/// </summary>
internal static class TelemetryVariables
{
    public const string Prefix = "OTEL_";

    const string ServiceName = "OTEL_SERVICE_NAME";
    const string ResourceAttributes = "OTEL_RESOURCE_ATTRIBUTES";

    /// <param name="told">None gives none.</param>
    public static IEnumerable<EnvVar> Of(IReadOnlyDictionary<string, string> told, RevisionInputs inputs, string ns)
    {
        if (told.Count == 0)
            return [];
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { [ServiceName] = inputs.ModelName };
        foreach (var (name, value) in told)
            all[name] = value;
        all[ResourceAttributes] = string.Join(',', new[] { $"service.namespace={ns}", told.GetValueOrDefault(ResourceAttributes) }.Where(static a => a is { Length: > 0 }));
        return all.Where(v => inputs.Env?.Any(own => own.Name == v.Key) is not true).Select(static v => new EnvVar { Name = v.Key, Value = v.Value });
    }

    /// <summary>NAME=VALUE.</summary>
    /// <exception cref="FormatException">It is not, or no variable of OpenTelemetry's.</exception>
    public static KeyValuePair<string, string> Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > Prefix.Length && text.StartsWith(Prefix, StringComparison.Ordinal)
            ? new(text[..at], text[(at + 1)..])
            : throw new FormatException($"is not NAME=VALUE with a name that begins with {Prefix}");
    }
}
