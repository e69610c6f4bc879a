using OpenTelemetry.Exporter;

namespace Sluice.Telemetry;

/// <summary>Which way a signal goes.</summary>
/// <param name="Address">Of HTTP: with the signal's path; of gRPC: without.</param>
/// <param name="Headers">Sent with every export.</param>
/// <param name="Timeout">Of one export, milliseconds.</param>
public sealed record OtlpTarget(Uri Address, bool Grpc, IReadOnlyList<KeyValuePair<string, string>> Headers, int Timeout)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>Null when nothing says that the signal is to be exported.</summary>
    /// <param name="signal">TRACES or METRICS.</param>
    internal static OtlpTarget? Read(Variables from, string signal)
    {
        var asked = IsAsked(from, signal);
        var (ownName, commonName) = ($"{Prefix}{signal}_ENDPOINT", $"{Prefix}ENDPOINT");
        var (own, common) = (from.Text(ownName), from.Text(commonName));
        if (asked == false || (asked is null && own is null && common is null))
            return null;
        var grpc = IsGrpc(from, signal);
        common ??= grpc ? "http://localhost:4317" : "http://localhost:4318";
        // The common one is what the signals' paths are put under; a signal's own is used as it stands.
        var text = own ?? (grpc ? common : $"{common.TrimEnd('/')}/v1/{signal.ToLowerInvariant()}");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new TelemetryException(
                $"{(own is null ? commonName : ownName)} is '{own ?? common}'; it has to be an address like http://collector:{(grpc ? 4317 : 4318)}.");
        }

        var headers = from.Pairs($"{Prefix}HEADERS").Concat(from.Pairs($"{Prefix}{signal}_HEADERS"))
            .GroupBy(static h => h.Key, StringComparer.OrdinalIgnoreCase).Select(static g => g.Last());
        return new OtlpTarget(address, grpc, [.. headers], from.Number($"{Prefix}{signal}_TIMEOUT", from.Number($"{Prefix}TIMEOUT", 10_000)));
    }

    internal OtlpExporterOptions ToOptions() => new()
    {
        Endpoint = Address,
        Protocol = Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
        Headers = string.Join(',', Headers.Select(static h => $"{h.Key}={Uri.EscapeDataString(h.Value)}")),
        TimeoutMilliseconds = Timeout,
    };

    /// <summary>Null when the variable does not say.</summary>
    private static bool? IsAsked(Variables from, string signal)
    {
        var name = $"OTEL_{signal}_EXPORTER";
        if (from.Text(name) is not { } text)
            return null;
        var asked = false;
        foreach (var exporter in text.Split(',', StringSplitOptions.TrimEntries))
        {
            asked |= exporter switch
            {
                "otlp" => true,
                "none" => false,
                // There is always /metrics.
                "prometheus" when signal == "METRICS" => false,
                _ => throw new TelemetryException(
                    $"{name} is '{text}'; there are otlp{(signal == "METRICS" ? ", prometheus (always on, at /metrics)" : string.Empty)} and none."),
            };
        }

        return asked;
    }

    private static bool IsGrpc(Variables from, string signal)
    {
        foreach (var name in (ReadOnlySpan<string>)[$"{Prefix}{signal}_PROTOCOL", $"{Prefix}PROTOCOL"])
        {
            switch (from.Text(name))
            {
                case null:
                    continue;
                case "grpc":
                    return true;
                case "http/protobuf":
                    return false;
                case var text:
                    throw new TelemetryException($"{name} is '{text}'; there are http/protobuf and grpc.");
            }
        }

        return false;
    }
}
