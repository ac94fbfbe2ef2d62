using System.CommandLine;
using Sipstead.MediaLoad;

// A signal ends the process at once: nothing has to be put in order.
return await CommandLine.Build().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
