using System.Globalization;

namespace Sluice.Benchmarks;

/// <summary>
/// What loads gave in windows that take turns. A load's figure is the mean of its best quarter of windows: what others do
/// on the machine only ever slows, so the best windows are those that tell most of the load and least of the others.
/// </summary>
internal sealed class Turns
{
    /// <summary>Of a window; long beside a collection of garbage, short beside what others do.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>Windows per load that count; SLUICE_BENCH_ROUNDS changes it.</summary>
    public static readonly int Rounds = int.Parse(
        Environment.GetEnvironmentVariable("SLUICE_BENCH_ROUNDS") ?? "12", CultureInfo.InvariantCulture);

    /// <summary>Rounds that only warm up: on a core that is busy with requests, .NET needs some ten seconds to compile the last of what they run.</summary>
    private const int Warming = 10;

    private readonly double[][] windows;

    private Turns(double[][] windows) => this.windows = windows;

    /// <summary>Runs the loads forwards in one round and backwards in the next, so that none always follows the same.</summary>
    public static async Task<Turns> TakeAsync(params Func<Task<double>>[] loads)
    {
        var taken = loads.Select(_ => new double[Rounds]).ToArray();
        for (var round = -Warming; round < Rounds; round++)
        {
            for (var i = 0; i < loads.Length; i++)
            {
                var load = int.IsEvenInteger(round) ? i : loads.Length - 1 - i;
                var measured = await loads[load]();
                if (round >= 0)
                    taken[load][round] = measured;
            }
            await Console.Error.WriteAsync('.');
        }
        return new Turns(taken);
    }

    /// <summary>Of a load whose windows are better the more they give.</summary>
    public double Most(int load) => windows[load].OrderDescending().Take(Quarter).Average();

    /// <summary>Of a load whose windows are better the less they take.</summary>
    public double Least(int load) => windows[load].Order().Take(Quarter).Average();

    public double Median(int load) => windows[load].Order().ElementAt(Rounds / 2);

    private static int Quarter => (Rounds + 3) / 4;
}
