using System.CommandLine;
using Sluice.LocalCluster.Hosting;

var root = new RootCommand("Kubernetes for Sluice on one machine, in one process: the API, and pods as processes.")
{
    UpCommand.Create(TimeProvider.System),
};
return await root.Parse(args).InvokeAsync();
