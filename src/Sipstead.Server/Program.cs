using System.CommandLine;
using Sipstead.Server.Commands;

// Signals are the host's: the command line itself would end the process after 2 s, in the middle of an orderly stop.
return await CommandLine.Build().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
