using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Testing.Sip;

/// <summary>Transactions and sessions from octets to octets: a fake clock, transports without sockets, INVITEs taken without authentication.</summary>
internal sealed class SessionHarness : IDisposable
{
    /// <summary>Small enough that each due time of a timer is met exactly.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly UasCore _core;

    public SessionHarness(int transactionLimit = TransactionLayer.DefaultLimit, SipSessionOptions? options = null)
    {
        Flows = new TimedFlows(Time);
        var metrics = new SipMetrics(Meters);
        Trace = new SipTrace(Time, metrics);
        Transactions = new TransactionLayer(Flows, Time, metrics, Trace, NullLoggerFactory.Instance, transactionLimit);
        Sessions = new SessionLayer(Transactions, options ?? new SipSessionOptions(), metrics, NullLoggerFactory.Instance);
        _core = new UasCore([new AcceptingHandler(this)], new NoBatch(), new ToTagFactory(), metrics, Sessions);
    }

    public static SipFlow Udp { get; } = Flow("192.0.2.10:40000", SipTransport.Udp, 0);

    public static SipFlow Tcp { get; } = Flow("192.0.2.10:40000", SipTransport.Tcp, 7);

    public FakeTimeProvider Time { get; } = new();

    public CountingMeters Meters { get; } = new();

    public TimedFlows Flows { get; }

    public SipTrace Trace { get; }

    public TransactionLayer Transactions { get; }

    public SessionLayer Sessions { get; }

    public ListenerLog Log { get; } = new();

    /// <summary>Whose INVITEs are taken.</summary>
    public TraceSubject Device { get; set; }

    /// <summary>False to leave sessions without a listener.</summary>
    public bool Attaches { get; set; } = true;

    /// <summary>Sessions that INVITEs of peers made.</summary>
    public List<InboundSession> Inbound { get; } = [];

    public static SipFlow Flow(string source, SipTransport transport = SipTransport.Udp, long connection = 0) =>
        new(transport, new TransportAddress(IPEndPoint.Parse(source)), new TransportAddress(IPEndPoint.Parse("192.0.2.1:5060")), connection);

    /// <summary>Hands a message in as a receiving loop does. Returns the answer that was made without a transaction, null when there is none.</summary>
    public MessageText? Receive(string message, SipFlow? flow = null)
    {
        var from = flow ?? Udp;
        var reply = new SipReply();
        reply.Reset(new byte[8000], from.Source);
        _core.Receive(ParsedMessage.Datagram(message), from, reply);
        return reply.Writer.Length == 0 ? null : new MessageText(Encoding.Latin1.GetString(reply.Writer.Written));
    }

    public void Advance(double seconds)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= Step) Time.Advance(left < Step ? left : Step);
    }

    /// <summary>Calls a peer; the INVITE is sent on return.</summary>
    public OutboundSession Call(SipFlow? flow = null, OutboundInvite? invite = null) => Sessions.Invite(invite ?? Invite(), flow ?? Udp, Log);

    public static OutboundInvite Invite() => new()
    {
        RequestUri = "sip:alice@192.0.2.10:40000",
        From = "\"Office\" <sip:+15550001@office.example.net>",
        To = "<sip:alice@office.example.net>",
        Body = "offer"u8.ToArray(),
    };

    /// <summary>A call of a peer, with its 100 sent.</summary>
    public InboundSession TakeCall(SipFlow? flow = null, string headers = "", string body = "offer")
    {
        Receive(PeerInvite(headers, body), flow);
        return Inbound[^1];
    }

    /// <summary>Calls a peer, which answers with this To tag.</summary>
    public OutboundSession EstablishOutbound(SipFlow? flow = null, string tag = "callee", string headers = "Contact: <sip:alice@192.0.2.10:40000>\r\n")
    {
        var session = Call(flow);
        Receive(Flows.Last("INVITE").Answer(200, tag, headers, "answer"), flow);
        return session;
    }

    /// <summary>A call of a peer that we answered and it acknowledged.</summary>
    public InboundSession EstablishInbound(SipFlow? flow = null, string headers = "")
    {
        var session = TakeCall(flow, headers);
        session.Answer("answer"u8.ToArray());
        Receive(PeerRequest("ACK", 1), flow);
        return session;
    }

    public static string PeerInvite(string headers = "", string body = "offer", string branch = "z9hG4bKinvite", int cseq = 1, string fromTag = "caller") =>
        new RequestText
        {
            Method = "INVITE", Uri = "sip:+15550001@office.example.net", Via = $"SIP/2.0/UDP 192.0.2.10:40000;rport;branch={branch}",
            From = $"<sip:alice@office.example.net>;tag={fromTag}", To = "<sip:+15550001@office.example.net>", CallId = "peer-call", CSeq = $"{cseq} INVITE",
            Headers = $"Contact: <sip:alice@192.0.2.10:40000>\r\n{headers}", Body = body,
        }.ToString();

    /// <summary>A request of the caller within the dialog that our last response to its INVITE made.</summary>
    public string PeerRequest(string method, int cseq, string headers = "", string body = "", string? branch = null) => new RequestText
    {
        Method = method, Uri = "sip:192.0.2.1:5060", Via = $"SIP/2.0/UDP 192.0.2.10:40000;rport;branch={branch ?? $"z9hG4bK{method}{cseq}"}",
        From = "<sip:alice@office.example.net>;tag=caller", To = $"<sip:+15550001@office.example.net>;tag={OwnTag}", CallId = "peer-call",
        CSeq = $"{cseq} {method}", Headers = headers, Body = body,
    }.ToString();

    /// <summary>A request of the callee within the dialog that its answer to our last INVITE made.</summary>
    public string CalleeRequest(string method, int cseq, string headers = "", string body = "", string tag = "callee")
    {
        var invite = Flows.Messages.Last(message => message.Method == "INVITE");
        return new RequestText
        {
            Method = method, Uri = "sip:192.0.2.1:5060", Via = $"SIP/2.0/UDP 192.0.2.10:40000;rport;branch=z9hG4bK{method}{cseq}{invite.Branch}",
            From = $"<sip:alice@office.example.net>;tag={tag}", To = invite.One("From"), CallId = invite.One("Call-ID"), CSeq = $"{cseq} {method}",
            Headers = headers, Body = body,
        }.ToString();
    }

    public void Dispose()
    {
        Transactions.Dispose();
        Meters.Dispose();
    }

    private string OwnTag => Flows.Messages.Last(m => m.Kind.EndsWith(" INVITE", StringComparison.Ordinal) && m.ToTag != "").ToTag;

    private sealed class AcceptingHandler(SessionHarness harness) : IRequestHandler
    {
        public SipMethod Method => SipMethod.Invite;

        public void Handle(in SipRequest request, in SipFlow flow, in SipResponder responder)
        {
            if (harness.Sessions.Accept(request, flow, responder, harness.Device) is not { } session) return;
            harness.Inbound.Add(session);
            if (harness.Attaches) session.Attach(harness.Log);
        }
    }

    private sealed class NoBatch : IRequestBatch
    {
        public bool Commit() => true;
    }
}
