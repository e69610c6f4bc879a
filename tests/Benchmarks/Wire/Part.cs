namespace Sluice.Benchmarks.Wire;

/// <summary>A part of the benchmark that can be run alone.</summary>
internal static class Part
{
    /// <param name="title">Printed above the figures.</param>
    /// <param name="measure">Adds the figures.</param>
    /// <returns>An exit code; 1 when the load generators are missing.</returns>
    public static async Task<int> RunAsync(string title, Func<HttpClient, Requests, List<Figure>, Task> measure)
    {
        if (!await Tool.AreThereAsync())
            return 1;
        using var requests = new Requests();
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);
        var figures = new List<Figure>();
        await measure(client, requests, figures);
        Figure.Print(title, figures);
        return 0;
    }
}
