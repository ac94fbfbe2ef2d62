using System.Net;
using Microsoft.Extensions.Logging;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Transport;

public sealed class ReceiveOverflowTests : IDisposable
{
    private readonly CountingMeters _meters = new();
    private readonly EventIds _log = new();
    private readonly ReceiveOverflow _overflow;

    public ReceiveOverflowTests() =>
        _overflow = new ReceiveOverflow(new TransportAddress(IPEndPoint.Parse("192.0.2.1:5060")), new SipMetrics(_meters), _log);

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Note_CountsAll_AndTellsOfBeginAndEndOnce()
    {
        foreach (var dropped in (uint[])[0, 0, 5, 9, 30, 30, 30, 31, 31]) _overflow.Note(dropped);
        Assert.Equal(31, _meters["sipstead.sip.dropped receive buffer full"]);
        Assert.Equal([2008, 2009, 2008, 2009], _log.Ids);
    }

    [Fact]
    public void Note_OfACountThatWrapped_GoesOn()
    {
        _overflow.Note(uint.MaxValue - 1);
        var before = _meters["sipstead.sip.dropped receive buffer full"];
        _overflow.Note(3);
        Assert.Equal(5, _meters["sipstead.sip.dropped receive buffer full"] - before);
    }

    private sealed class EventIds : ILogger
    {
        public List<int> Ids { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Ids.Add(eventId.Id);
    }
}
