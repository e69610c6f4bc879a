using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;

namespace Sluice.Kubernetes.Diagnostics;

/// <summary>Instruments of the meter <see cref="Name"/>; exporting them is the program's affair.</summary>
public static class Meters
{
    public const string Name = "Sluice.Kubernetes";

    internal static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        "sluice_kubernetes_requests", "{request}", "Requests to the API server by verb and code.");

    private static readonly Histogram<double> RequestDuration = Meter.CreateHistogram<double>(
        "sluice_kubernetes_request_duration", "s", "Time to an answer by verb; to the headers for watches.");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "sluice_kubernetes_request_retries", "{request}", "Requests that were repeated because the server was busy.");

    internal static string Code(HttpStatusCode code) => ((int)code).ToString(CultureInfo.InvariantCulture);

    internal static void Request(string verb, string code, TimeSpan duration)
    {
        Requests.Add(1, new TagList { { "verb", verb }, { "code", code } });
        RequestDuration.Record(duration.TotalSeconds, new TagList { { "verb", verb } });
    }

    internal static void Retry(string verb) => Retries.Add(1, new TagList { { "verb", verb } });
}
