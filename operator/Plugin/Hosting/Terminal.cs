namespace Sluice.Plugin.Hosting;

/// <summary>Where a run reads and writes, so that tests can be the other side.</summary>
internal sealed record Terminal
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>A person looks at <see cref="Out"/>: colours and redrawing make sense.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Columns of the screen.</summary>
    public int Width { get; init; } = 120;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>By the conventions of no-color.org, and for terminals that know no colours.</summary>
    public bool HasColours => IsInteractive && string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") != "dumb";

    public static Terminal OfProcess()
    {
        var interactive = !Console.IsOutputRedirected;
        return new Terminal
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            IsInteractive = interactive,
            // Some terminals do not say how wide they are.
            Width = interactive && Console.WindowWidth is > 0 and var columns ? Math.Max(columns, 60) : 120,
            Variable = Environment.GetEnvironmentVariable,
        };
    }
}
