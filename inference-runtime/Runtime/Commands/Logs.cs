using Microsoft.Extensions.Logging.Console;
using Sluice.Contract;

namespace Sluice.Runtime.Commands;

/// <summary>Logs go to stderr, one line each; stdout is for results.</summary>
internal static class Logs
{
    public static ILoggerFactory Create(string? level)
    {
        var minimum = LogLevel.Information;
        if (level is { Length: > 0 } && !Enum.TryParse(level, ignoreCase: true, out minimum))
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions,
                $"--log-level: \"{level}\" is none of Trace, Debug, Information, Warning, Error, Critical, None.");
        }
        return LoggerFactory.Create(builder => builder
            .SetMinimumLevel(minimum)
            .AddFilter("Microsoft", minimum < LogLevel.Information ? minimum : LogLevel.Critical)
            // What an application throws at the server is our fault and said nowhere else; callers' faults are below Error.
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", minimum is < LogLevel.Information or > LogLevel.Error ? minimum : LogLevel.Error)
            .AddSimpleConsole(format =>
            {
                format.SingleLine = true;
                format.ColorBehavior = LoggerColorBehavior.Disabled;
                format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                format.UseUtcTimestamp = true;
            })
            .Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace));
    }
}
