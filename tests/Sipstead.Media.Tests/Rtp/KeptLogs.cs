using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>Keeps what is logged from Information up.</summary>
internal sealed class KeptLogs : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> Messages { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) Messages.Enqueue(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
