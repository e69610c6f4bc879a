using Sluice.Contract.Metrics;

namespace Sluice.Operator.Metrics;

/// <summary>Whether this process does the work.</summary>
internal sealed class Leadership
{
    volatile bool holds;

    public bool Holds => holds;

    public static Leadership Observed(MetricRegistry registry)
    {
        var leadership = new Leadership();
        registry.Observe(OperatorCatalog.Leading, () => leadership.holds ? 1 : 0);
        return leadership;
    }

    /// <summary>Holds until <paramref name="work"/> ends.</summary>
    public async Task WhileAsync(Func<Task> work)
    {
        holds = true;
        try
        {
            await work();
        }
        finally
        {
            holds = false;
        }
    }
}
