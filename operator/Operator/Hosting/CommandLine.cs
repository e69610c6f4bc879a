using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Sluice.Operator.Desired;
using Sluice.Operator.Records;

namespace Sluice.Operator.Hosting;

/// <summary><c>sluice-operator run | replay | version</c>. Every option is also a variable: --some-name is SLUICE_OPERATOR_SOME_NAME.</summary>
internal static class CommandLine
{
    public static RootCommand Build(Func<OperatorOptions, Task<int>> run)
    {
        var version = new Command("version", "Prints the version.");
        version.SetAction(static _ => Console.Out.WriteLine($"sluice-operator {ProgramVersion.Text}"));
        return new RootCommand("Puts ONNX models into production on Kubernetes and changes them without hurting anyone.")
        {
            Run(run),
            ReplayCommand.Build(),
            version,
        };
    }

    static Command Run(Func<OperatorOptions, Task<int>> run)
    {
        var kubeconfig = Text("--kubeconfig", "The kubeconfig file. Default: $KUBECONFIG, then the pod's own account, then ~/.kube/config.");
        var context = Text("--context", "The kubeconfig's context. Default: the current one.");
        var image = Text("--runtime-image", "The image of the serving pods; a change of it restarts none that run.", $"sluice-runtime:{ProgramVersion.Text}");
        var cache = Option("--model-cache", "Where the pods of a node share what they fetched: hostPath:/FOLDER or pvc:CLAIM. Default: nowhere.", static text => (CacheVolume?)CacheVolume.Parse(text), null);
        var cacheSize = Option("--model-cache-size", "How large it may become, such as 50Gi. Default: 20Gi.", Bytes, null);
        var telemetry = Telemetry();
        var namespaces = Option("--namespace", "A namespace to work in; may be repeated or separated by commas. Default: all.", Names, []);
        namespaces.AllowMultipleArgumentsPerToken = true;
        var metrics = Option("--metrics", "HOST:PORT for /livez, /readyz and /metrics; port 0 takes a free one.", EndPoint, new IPEndPoint(IPAddress.Loopback, 8080));
        var elect = Option("--leader-elect", "Work only while holding the lease, so that several may run. Default: when --lease-namespace is given.", Flag, null);
        elect.Arity = ArgumentArity.ZeroOrOne;
        var leaseNamespace = Text("--lease-namespace", $"The namespace of the lease. Default with --leader-elect: {OperatorOptions.DefaultNamespace}.");
        var workers = Option("--workers", "Services that are worked on at a time.", Number, OperatorOptions.DefaultWorkers);

        var prometheus = Option("--prometheus-url", "Where Prometheus answers, for gates with a query, such as http://prometheus.monitoring:9090. Default: such gates stay undecided.", HttpAddress, null);

        var command = new Command("run", "Runs the operator until it is told to stop.") { kubeconfig, context, image, cache, cacheSize, telemetry, namespaces, metrics, elect, leaseNamespace, workers, prometheus };
        command.SetAction(parsed => run(new OperatorOptions
        {
            Kubeconfig = parsed.GetValue(kubeconfig),
            Context = parsed.GetValue(context),
            RuntimeImage = parsed.GetValue(image)!,
            ModelCache = parsed.GetValue(cache),
            ModelCacheSize = parsed.GetValue(cacheSize),
            PodTelemetry = parsed.GetValue(telemetry)!,
            Namespaces = parsed.GetValue(namespaces)!,
            Metrics = parsed.GetValue(metrics)!,
            LeaderElect = parsed.GetValue(elect) ?? parsed.GetValue(leaseNamespace) is { Length: > 0 },
            LeaseNamespace = parsed.GetValue(leaseNamespace) is { Length: > 0 } ns ? ns : OperatorOptions.DefaultNamespace,
            Workers = parsed.GetValue(workers),
            Prometheus = parsed.GetValue(prometheus),
        }));
        return command;
    }

    /// <summary>Its values hold commas, so one is given at a time.</summary>
    static Option<Dictionary<string, string>> Telemetry()
    {
        const string Name = "--pod-telemetry";
        return new Option<Dictionary<string, string>>(Name)
        {
            Description = "One of OpenTelemetry's variables for new serving pods, as OTEL_NAME=VALUE; may be repeated. A service's own variables win.",
            DefaultValueFactory = static _ => [],
            CustomParser = static result =>
            {
                var variables = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (var token in result.Tokens)
                {
                    var (name, value) = Parse(result, Name, token.Value, TelemetryVariables.Parse);
                    variables[name ?? ""] = value;
                }

                return variables;
            },
        };
    }

    static Option<string?> Text(string name, string description, string? fallback = null) => Option(name, description, static text => (string?)text, fallback);

    static string[] Names(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>As the runtime takes it, which knows the binary suffixes.</summary>
    static string? Bytes(string text) => System.Text.RegularExpressions.Regex.IsMatch(text, "^[1-9][0-9]*(Ki|Mi|Gi)?$")
        ? text : throw new FormatException("is not a number of bytes, perhaps with Ki, Mi or Gi");

    static bool? Flag(string text) => text is "" ? true : bool.TryParse(text, out var value) ? value : throw new FormatException("is neither true nor false");

    static Uri? HttpAddress(string text) => text.Length == 0 ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address : throw new FormatException("is not an address that begins with http:// or https://");

    static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1000
        ? number : throw new FormatException("is not a whole number from 1 to 1000");

    static IPEndPoint EndPoint(string text)
    {
        var address = text.StartsWith(':') ? "0.0.0.0" + text : text.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal);
        return address.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(address, out var endPoint)
            ? endPoint : throw new FormatException("is not HOST:PORT with an IP address or localhost as host");
    }

    static Option<T> Option<T>(string name, string description, Func<string, T> parse, T fallback)
    {
        var variable = "SLUICE_OPERATOR_" + name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
        return new Option<T>(name)
        {
            Description = $"{description} Also {variable}.",
            CustomParser = result => Parse(result, name, string.Join(',', result.Tokens.Select(static t => t.Value)), parse),
            DefaultValueFactory = result => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
                ? Parse(result, variable, value, parse)!
                : fallback,
        };
    }

    static T? Parse<T>(ArgumentResult result, string name, string value, Func<string, T> parse)
    {
        try
        {
            return parse(value);
        }
        catch (FormatException e)
        {
            result.AddError($"{name}: '{value}' {e.Message}.");
            return default;
        }
    }
}
