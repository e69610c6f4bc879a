using Sluice.Monitoring.Drift;
using Sluice.Monitoring.Profiles;

namespace Sluice.Operator.Monitoring;

/// <summary>A baseline in the order and with the columns that pods watch, and the comparison with it. One thread at a time.</summary>
/// <param name="profile">As a pod gave it.</param>
/// <param name="settings">What counts as drift.</param>
internal sealed class Baseline(Profile profile, DriftSettings settings)
{
    readonly DriftTest test = new(profile, settings);

    public Profile Profile => profile;

    /// <exception cref="ArgumentException">The window was recorded for another baseline.</exception>
    public DriftReport Compare(Profile window) => test.Compare(window);
}
