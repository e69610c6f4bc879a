using Sluice.Runtime.Hosting;

namespace Sluice.Runtime.Models;

/// <summary>Loads, replaces and unloads the models below the path that the server was given; one change at a time.</summary>
internal sealed class ModelRepository(ServeSettings settings, ModelLoader loader, ModelCatalog catalog, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim changing = new(1, 1);

    /// <summary>Loads everything that is there.</summary>
    /// <exception cref="FailureException">There is no model, or one cannot be served.</exception>
    public void LoadAll()
    {
        var locations = Locations();
        foreach (var location in locations)
            catalog.Put(new ModelEntry(location, ModelState.Loading, Served: null, Reason: null));
        foreach (var location in locations)
            Serve(location, loader.Load(location));
    }

    /// <summary>
    /// Loads the versions of a model that are there now, each in place of the one before, and drops those that are gone.
    /// A version that cannot be loaded leaves the one before in service.
    /// </summary>
    /// <exception cref="FailureException">The model is not there or a version of it cannot be loaded.</exception>
    public async Task LoadAsync(string name, CancellationToken cancellation)
    {
        await changing.WaitAsync(cancellation);
        try
        {
            var locations = Locations().Where(l => l.Name == name).ToList();
            if (locations.Count == 0)
                throw new FailureException(Contract.TerminationReasons.NotFound, $"There is no model \"{name}\" in the repository.");
            foreach (var location in locations)
                await Task.Run(() => Replace(location), cancellation);
            foreach (var gone in catalog.Find(name)!.All.Where(e => !locations.Exists(l => l.Version == e.Version)))
            {
                catalog.Remove(gone)?.Dispose();
                loader.Forget(gone.Location);
            }
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>Takes a model out of service; running calls finish.</summary>
    /// <returns>False when there is no such model.</returns>
    public async Task<bool> UnloadAsync(string name, CancellationToken cancellation)
    {
        await changing.WaitAsync(cancellation);
        try
        {
            if (catalog.Find(name) is not { } versions)
                return false;
            foreach (var entry in versions.All)
            {
                catalog.Put(entry with { State = ModelState.Unavailable, Served = null, Reason = "unloaded" })?.Dispose();
                loader.Forget(entry.Location);
            }
            Log.ModelUnloaded(logger, name);
            return true;
        }
        finally
        {
            changing.Release();
        }
    }

    public void Dispose() => changing.Dispose();

    private IReadOnlyList<ModelLocation> Locations() =>
        ModelLocator.Find(settings.Model, settings.Name, settings.ModelVersion);

    private void Replace(ModelLocation location)
    {
        var before = catalog.Find(location.Name)?.Find(location.Version);
        if (before?.Served is null)
            catalog.Put(new ModelEntry(location, ModelState.Loading, Served: null, Reason: null));
        try
        {
            Serve(location, loader.Load(location));
        }
        catch (FailureException e)
        {
            catalog.Put(before?.Served is null
                ? new ModelEntry(location, ModelState.Unavailable, Served: null, e.Message)
                : before with { Reason = $"serving what was loaded before: {e.Message}" });
            throw;
        }
    }

    private void Serve(ModelLocation location, ServedModel model) =>
        catalog.Put(new ModelEntry(location, ModelState.Ready, model, Reason: null))?.Dispose();
}
