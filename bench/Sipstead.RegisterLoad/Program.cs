using System.CommandLine;
using Sipstead.RegisterLoad;

// A signal ends the process at once: nothing has to be put in order.
return await CommandLine.Build(new Clock(TimeProvider.System)).Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
