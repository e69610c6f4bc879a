namespace Sluice.Plugin.Hosting;

/// <summary>What scripts may rely on; docs/kubectl-sluice.md has the same table.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The cluster refused or could not be reached, or a file cannot be read.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>There is no such service, or no such revision of it.</summary>
    public const int NotFound = 3;

    /// <summary>The service is not in a state in which this can be done; nothing was changed.</summary>
    public const int NotNow = 4;

    /// <summary>The model answered a prediction with an error.</summary>
    public const int ModelRefused = 5;

    /// <summary>convert --strict: something could not be carried over.</summary>
    public const int NotCarriedOver = 6;

    /// <summary>The time that was given is over.</summary>
    public const int TimedOut = 8;

    /// <summary>A rollout is under way.</summary>
    public const int UnderWay = 10;

    /// <summary>A rollout waits for a person.</summary>
    public const int WaitsForPerson = 11;

    /// <summary>What the spec asks for does not serve, and nothing moves until somebody changes something.</summary>
    public const int Stopped = 12;

    /// <summary>Users are not served.</summary>
    public const int NotServing = 13;

    /// <summary>Interrupted by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
