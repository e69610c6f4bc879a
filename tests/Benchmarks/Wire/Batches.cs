namespace Sluice.Benchmarks.Wire;

/// <summary>Work that is worth doing together: batches that callers make, and those that the runtime makes of their requests.</summary>
internal static class Batches
{
    private const string Path = "v2/models/mlp/infer";

    public static async Task MeasureAsync(HttpClient client, Requests requests, List<Figure> figures)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-bench-mlp");
        try
        {
            var file = MlpModel.Save(folder.FullName);
            using var server = await Server.ServeAsync(client, file, "mlp");
            var turns = await Turns.TakeAsync(
                async () => MlpModel.Batch * (await Tool.WrkAsync(requests.Batch, WireBenchmark.Url(server, Path), 4)).PerSecond,
                () => Task.FromResult(MlpModel.RawRowsPerSecond(file, Turns.Window)));
            figures.Add(Figure.Ratio($"rows of a 256-1024-1024-10 MLP, batches of {MlpModel.Batch}, against raw", turns, 0, 1, 0.85));
            await JoinedAsync(client, requests, server, file, figures);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Callers who send a row each, to a server that joins those who wait and to one that does not.</summary>
    private static async Task JoinedAsync(HttpClient client, Requests requests, Server alone, string file, List<Figure> figures)
    {
        using var joining = await Server.ServeAsync(client, file, "mlp", "--batch-size", $"{MlpModel.Batch}");
        var turns = await Turns.TakeAsync(
            WireBenchmark.Rate(requests.Single, WireBenchmark.Url(joining, Path)), WireBenchmark.Rate(requests.Single, WireBenchmark.Url(alone, Path)),
            Lone(joining), Lone(alone));
        figures.Add(Figure.Ratio("rows of the MLP, one a request, 16 connections, requests joined against not", turns, 0, 1, 1.2));
        figures.Add(Figure.Slower("p50 of the same at one connection", turns, 2, 3, 1.1));

        Func<Task<double>> Lone(Server server) => async () => (await Tool.WrkAsync(requests.Single, WireBenchmark.Url(server, Path), 1)).MedianMicroseconds;
    }
}
