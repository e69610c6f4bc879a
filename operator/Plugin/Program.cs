using Sluice.Plugin.Hosting;

return await new CommandLine(Terminal.OfProcess()).RunAsync(args);
