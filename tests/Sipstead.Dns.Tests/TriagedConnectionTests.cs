using System.Net;
using System.Threading.Channels;
using ARSoft.Tools.Net.Dns;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>How a connection holds its own against the library's server, which reads ahead and disposes at will.</summary>
public sealed class TriagedConnectionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestMeterFactory _meters = new();
    private readonly ScriptedConnection _connection;

    public TriagedConnectionTests()
    {
        var meter = new DnsMeter(_meters);
        var answers = new ZoneAnswers(new ZonePublisher("example.com", _time), RunningResponder.Loopback);
        _connection = new ScriptedConnection(
            new ListenerContext(
                answers, meter, NullLogger.Instance, _time, new TcpAdmission(meter), new ResponseLimit(RunningResponder.Loopback, _time, NullLogger.Instance)));
    }

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Receive_WhileAQueryHasNoAnswer_Waits()
    {
        _connection.Arrive(Query.For("a.example.com", RecordType.A));
        _connection.Arrive(Query.For("b.example.com", RecordType.A));

        Assert.NotNull(await ReceiveAsync());
        var second = ReceiveAsync();
        Assert.False(second.IsCompleted);

        Assert.True(await AnswerAsync(Query.For("a.example.com", RecordType.A)));
        Assert.NotNull(await second);
    }

    [Fact]
    public async Task Dispose_BetweenTwoQueries_DoesNotEndTheConnection()
    {
        _connection.Arrive(Query.For("a.example.com", RecordType.A));
        _connection.Arrive(Query.For("b.example.com", RecordType.A));
        Assert.NotNull(await ReceiveAsync());
        Assert.True(await AnswerAsync(Query.For("a.example.com", RecordType.A)));

        _connection.Dispose();

        Assert.True(_connection.CanRead);
        Assert.NotNull(await ReceiveAsync());
    }

    [Fact]
    public async Task Receive_QueryThatTheServerLost_EndsTheConnectionAfterTheDeadline()
    {
        _connection.Arrive(Query.For("a.example.com", RecordType.A));
        Assert.NotNull(await ReceiveAsync());
        var next = ReceiveAsync();

        _time.Advance(TriagedConnection.AnswerDeadline);

        Assert.Null(await next);
        Assert.Equal(1, _connection.Closings);
        Assert.False(await AnswerAsync(Query.For("a.example.com", RecordType.A)));
        Assert.Empty(_connection.Sent);
    }

    [Fact]
    public async Task Receive_MalformedThenGood_AnswersTheFirstAndPassesTheSecond()
    {
        var malformed = Query.For("a.example.com", RecordType.A)[..^1];
        _connection.Arrive(malformed);
        _connection.Arrive([1, 2, 3]);
        _connection.Arrive(Query.For("b.example.com", RecordType.A));

        Assert.NotNull(await ReceiveAsync());

        Assert.Equal(1, new Answer(Assert.Single(_connection.Sent)[2..]).Rcode);
        Assert.Equal(1, _meters.Sum("sipstead.dns.dropped", "reason=short", "transport=tcp"));
    }

    private Task<DnsReceivedRawPackage?> ReceiveAsync() => _connection.ReceiveAsync(TestContext.Current.CancellationToken);

    private Task<bool> AnswerAsync(byte[] query) =>
        _connection.SendAsync(new DnsRawPackage([0, (byte)query.Length, .. query]), TestContext.Current.CancellationToken);

    private sealed class ScriptedConnection(ListenerContext context)
        : TriagedConnection(new UdpTransport(new IPEndPoint(IPAddress.Loopback, 0), context), DnsMeter.Tcp, context)
    {
        private readonly Channel<byte[]> _arriving = Channel.CreateUnbounded<byte[]>();

        public List<byte[]> Sent { get; } = [];

        public int Closings { get; private set; }

        public override IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Loopback, 1);

        public override IPEndPoint LocalEndPoint { get; } = new(IPAddress.Loopback, 2);

        protected override bool SurvivesFailedWrite => false;

        public void Arrive(byte[] message) => _arriving.Writer.TryWrite(message);

        protected override void OnClosed()
        {
            Closings++;
            Transport.Close();
        }

        protected override async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken token) =>
            await _arriving.Reader.ReadAsync(token);

        protected override ValueTask<bool> WriteAsync(byte[] prefixed, CancellationToken token)
        {
            Sent.Add(prefixed);
            return ValueTask.FromResult(true);
        }

        protected override int LimitOf(in TriageResult query) => ushort.MaxValue;
    }
}
