using Sipstead.RegisterLoad;

return await CommandLine.Build(new Clock(TimeProvider.System)).Parse(args).InvokeAsync();
