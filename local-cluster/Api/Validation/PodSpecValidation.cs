using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Validation;

/// <summary>The mistakes in pod specs that people make: names, references between parts, ports, sizes.</summary>
internal static class PodSpecValidation
{
    static readonly string[] Handlers = ["exec", "httpGet", "tcpSocket", "grpc"];

    static readonly string[] Sources = [.. TypeTable.BuiltIn["core.VolumeSource"].Fields.Select(field => field.Name)];

    public static IEnumerable<FieldError> Check(JsonObject spec, string path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var volumes = spec.Objects("volumes").Select(volume => volume.Text("name") ?? "").ToHashSet(StringComparer.Ordinal);
        return Volumes(spec, path)
            .Concat(All(spec, "containers", path, (container, at) => Container(container, at, volumes, names, init: false)))
            .Concat(All(spec, "initContainers", path, (container, at) => Container(container, at, volumes, names, init: true)))
            .Concat(Numbers(spec, path));
    }

    static IEnumerable<FieldError> All(JsonObject owner, string member, string path, Func<JsonObject, string, IEnumerable<FieldError>> check) =>
        owner.Objects(member).SelectMany((item, index) => check(item, $"{path}.{member}[{index}]"));

    static IEnumerable<FieldError> Volumes(JsonObject spec, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return All(spec, "volumes", path, (volume, at) => Volume(volume, at, seen));
    }

    static IEnumerable<FieldError> Volume(JsonObject volume, string path, HashSet<string> seen)
    {
        var name = volume.Text("name") ?? "";
        if (name.Length > 0)
        {
            foreach (var problem in Names.Label(name))
                yield return Errors.Invalid($"{path}.name", name, problem);
            if (!seen.Add(name))
                yield return Errors.Duplicate($"{path}.name", name);
        }

        var sources = Sources.Where(volume.ContainsKey).ToList();
        foreach (var more in sources.Skip(1))
            yield return Errors.Forbidden($"{path}.{more}", "may not specify more than 1 volume type");
    }

    static IEnumerable<FieldError> Container(JsonObject container, string path, HashSet<string> volumes, HashSet<string> names, bool init)
    {
        var name = container.Text("name") ?? "";
        if (name.Length > 0)
        {
            foreach (var problem in Names.Label(name))
                yield return Errors.Invalid($"{path}.name", name, problem);
            if (!names.Add(name))
                yield return Errors.Duplicate($"{path}.name", name);
        }

        var image = container.Text("image") ?? "";
        if (image.Length == 0)
            yield return Errors.Required($"{path}.image");
        else if (image.Trim() != image)
            yield return Errors.Invalid($"{path}.image", image, "must not have leading or trailing whitespace");
        var sidecar = container.Text("restartPolicy") == "Always";
        var rest = All(container, "ports", path, Port)
            .Concat(All(container, "env", path, Environment))
            .Concat(All(container, "volumeMounts", path, (mount, at) => Mount(mount, at, volumes)))
            .Concat(Resources(container, path))
            .Concat(Probes(container, path, allowed: !init || sidecar));
        foreach (var error in rest)
            yield return error;
    }

    static IEnumerable<FieldError> Port(JsonObject port, string path)
    {
        var name = port.Text("name") ?? "";
        if (name.Length > 15)
            yield return Errors.Invalid($"{path}.name", name, "must be no more than 15 characters");
        if (name.Length > 0 && !(name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-') && name.Any(char.IsAsciiLetter)))
            yield return Errors.Invalid($"{path}.name", name, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        if (port.Integer("containerPort") is { } number and not 0 && number is < 1 or > 65535)
            yield return Errors.Invalid($"{path}.containerPort", number, "must be between 1 and 65535, inclusive");
    }

    static IEnumerable<FieldError> Environment(JsonObject variable, string path)
    {
        var name = variable.Text("name") ?? "";
        if (name.Contains('=', StringComparison.Ordinal))
        {
            yield return Errors.Invalid($"{path}.name", name,
                "a valid environment variable name must consist only of printable ASCII characters other than '='");
        }

        if (variable.Object("valueFrom") is not { } source)
            yield break;
        if (variable.Text("value") is { Length: > 0 })
            yield return Errors.Invalid($"{path}.valueFrom", "", "may not be specified when `value` is not empty");
        if (source.Count == 0)
        {
            yield return Errors.Invalid($"{path}.valueFrom", "",
                "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
        }
    }

    static IEnumerable<FieldError> Mount(JsonObject mount, string path, HashSet<string> volumes)
    {
        var name = mount.Text("name") ?? "";
        if (name.Length > 0 && !volumes.Contains(name))
            yield return Errors.NotFound($"{path}.name", name);
    }

    static IEnumerable<FieldError> Resources(JsonObject container, string path)
    {
        foreach (var (name, request) in container.Strings("resources", "requests"))
        {
            if (!Quantity.TryParse(request, out var wanted))
                continue;
            if (wanted.Nanos.Sign < 0)
                yield return Errors.Invalid($"{path}.resources.requests[{name}]", request, "must be greater than or equal to 0");
            if (Quantity.TryParse(container.Text("resources", "limits", name) ?? "", out var limit) && wanted.Nanos > limit.Nanos)
            {
                yield return Errors.Invalid($"{path}.resources.requests", request,
                    $"must be less than or equal to {name} limit of {container.Text("resources", "limits", name)}");
            }
        }
    }

    static IEnumerable<FieldError> Probes(JsonObject container, string path, bool allowed)
    {
        foreach (var name in new[] { "livenessProbe", "readinessProbe", "startupProbe" })
        {
            if (container.Object(name) is not { } probe)
                continue;
            if (!allowed)
                yield return Errors.Forbidden($"{path}.{name}", "may not be set for init containers without restartPolicy=Always");
            var handlers = Handlers.Where(probe.ContainsKey).ToList();
            if (handlers.Count == 0)
                yield return Errors.Required($"{path}.{name}", "must specify a handler type");
            foreach (var more in handlers.Skip(1))
                yield return Errors.Forbidden($"{path}.{name}.{more}", "may not specify more than 1 handler type");
            foreach (var number in new[] { "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold" })
            {
                if (probe.Integer(number) is < 0 and var negative)
                    yield return Errors.Invalid($"{path}.{name}.{number}", negative, "must be greater than or equal to 0");
            }

            if (name != "readinessProbe" && probe.Integer("successThreshold") is > 1 and var threshold)
                yield return Errors.Invalid($"{path}.{name}.successThreshold", threshold, "must be 1");
        }
    }

    static IEnumerable<FieldError> Numbers(JsonObject spec, string path)
    {
        if (spec.Integer("terminationGracePeriodSeconds") is < 0 and var grace)
            yield return Errors.Invalid($"{path}.terminationGracePeriodSeconds", grace, "must be greater than or equal to 0");
        if (spec.Integer("activeDeadlineSeconds") is < 1 and var deadline)
            yield return Errors.Invalid($"{path}.activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive");
    }
}
