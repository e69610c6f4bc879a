using Sluice.Conformance.Corpus;
using Sluice.Conformance.World;

namespace Sluice.Conformance.Tests;

/// <summary>The corpus and one process that serves it, for all tests of a class.</summary>
public sealed class ServedCorpus : IAsyncLifetime
{
    RuntimeUnderTest? _runtime;

    internal Preparation Preparation { get; private set; } = null!;

    internal HttpClient Client { get; } = new(new SocketsHttpHandler());

    internal Uri Http => _runtime!.Http;

    internal Uri Grpc => _runtime!.Grpc;

    internal string Output => _runtime!.Output;

    public async Task InitializeAsync()
    {
        Preparation = Preparation.Of(TestData.Find());
        _runtime = await RuntimeUnderTest.StartAsync(Preparation.Loaded.Select(c => (c.Name, c.Model)));
    }

    /// <summary>The process must still be there after everything that it was sent, and end in order.</summary>
    public async Task DisposeAsync()
    {
        Client.Dispose();
        if (_runtime is null) return;
        await using var owned = _runtime;
        await _runtime.StopAsync();
    }
}
