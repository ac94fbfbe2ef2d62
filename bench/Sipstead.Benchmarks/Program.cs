using BenchmarkDotNet.Running;

// dotnet run --project bench/Sipstead.Benchmarks --configuration Release -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
