using System.CommandLine;
using Sluice.LocalCluster.Demo;
using Sluice.LocalCluster.Hosting;

var root = new RootCommand("Kubernetes for Sluice on one machine, in one process: the API, and pods as processes.")
{
    UpCommand.Create(TimeProvider.System),
    DemoCommand.Create(TimeProvider.System),
};
// Pods get their time to end before the process is ended.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
