using Sluice.Runtime.Commands;
using Sluice.Runtime.Hosting;

BufferPool.Widen();
return await CommandLine.RunAsync(args);
