using Sluice.Runtime.Commands;

return await CommandLine.RunAsync(args);
