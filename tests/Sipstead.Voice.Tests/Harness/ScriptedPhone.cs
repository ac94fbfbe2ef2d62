using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Sip;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>
/// A phone as tests play it: registers, calls with digest authentication, and does with each message what the test says. CANCEL and BYE it answers by
/// itself, as every phone does, unless it <see cref="IsDumb"/>.
/// </summary>
internal sealed class ScriptedPhone(VoiceHarness harness, string realm, string user, SipFlow flow)
{
    public const string Password = "correct horse";

    private readonly Lock _lock = new();
    private readonly List<MessageText> _got = [];
    private readonly HashSet<int> _expected = [];
    private int _cseq;
    private int _branch;
    private string? _nonce;
    private int _nonceCount;

    public SipFlow Flow { get; } = flow;

    /// <summary>False: the phone's connection is gone, and nothing can be sent to it.</summary>
    public bool IsConnected { get; set; } = true;

    /// <summary>True: sends fail though the connection seems to be there, as at the moment when it breaks.</summary>
    public bool RefusesToTake { get; set; }

    /// <summary>True to leave CANCEL and BYE unanswered.</summary>
    public bool IsDumb { get; set; }

    /// <summary>The answer to the last REGISTER.</summary>
    public MessageText? LastRegistration { get; private set; }

    public string Address => Flow.Source.ToString();

    /// <summary>What came, without repeats, in order.</summary>
    public IReadOnlyList<MessageText> Got
    {
        get
        {
            lock (_lock) return [.. _got];
        }
    }

    /// <summary>The kinds of all that came, such as "INVITE" or "180 INVITE".</summary>
    public IReadOnlyList<string> Kinds => [.. Got.Select(message => message.Kind)];

    /// <summary>SDP of the phone: an offer or an answer with PCMU and telephone-event.</summary>
    public static string Sdp(int port = 9, string formats = "0 101") =>
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP {formats}\r\n"
        + "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n";

    /// <summary>Takes a message off the wire. False when there is no connection.</summary>
    public bool TryTake(MessageText message)
    {
        if (!IsConnected || RefusesToTake) return false;
        lock (_lock)
        {
            if (_got.Exists(known => known.Text == message.Text)) return true;
            _got.Add(message);
        }

        if (!IsDumb && message.Kind is "BYE" or "CANCEL") ThreadPool.QueueUserWorkItem(_ => AnswerByItself(message));
        return true;
    }

    /// <summary>Waits for a message of a kind that was not handed out before.</summary>
    public Task<MessageText> ExpectAsync(string kind) => Poll.ForAsync(
        $"{kind} at {user} {Address}, which got {string.Join(", ", Kinds)}", () => Task.FromResult(Take(kind)), TestContext.Current.CancellationToken);

    /// <summary>Registers, or registers again.</summary>
    public void Register(string contactParameters = "", string headers = "") => RegisterContact($"<sip:{user}@{Address}>{contactParameters}", headers);

    public void RegisterContact(string contact, string headers = "") => Assert.Equal(200, TryRegister($"Contact: {contact}\r\n{headers}"));

    /// <summary>Sends a REGISTER with these headers, with good credentials. Returns the status of the answer.</summary>
    public int TryRegister(string headers)
    {
        LastRegistration = SendAuthenticated("REGISTER", $"sip:{realm}", $"<sip:{user}@{realm}>", headers, "", $"register-{user}-{Address}");
        return LastRegistration!.Status;
    }

    /// <summary>Answers an INVITE, or any other request.</summary>
    public void Answer(MessageText request, int status, string headers = "", string body = "") =>
        harness.Deliver(request.Answer(status, TagOf(request), HeadersFor(body) + headers, body), Flow);

    public void Ring(MessageText invite) => Answer(invite, 180);

    /// <summary>Answers a call, and waits for the ACK.</summary>
    public async Task AcceptAsync(MessageText invite, string? sdp = null)
    {
        Answer(invite, 200, body: sdp ?? Sdp());
        await ExpectAsync("ACK");
    }

    /// <summary>Sends a request in the dialog of a call that we were called with.</summary>
    public void SendInDialog(MessageText invite, string method, string body = "", string? headers = null, SipFlow? from = null) => harness.Deliver(
        new RequestText
        {
            Method = method, Uri = "sip:127.0.0.1:5060", Via = NextVia(), From = $"{invite.One("To")};tag={TagOf(invite)}", To = invite.One("From"),
            CallId = invite.One("Call-ID"), CSeq = $"{++_cseq + 100} {method}",
            Headers = headers is null ? HeadersFor(body) : HeadersFor("") + headers, Body = body,
        }.ToString(), from ?? Flow);

    /// <summary>Calls; answers the challenge. Returns the INVITE that was taken, or null and the refusal.</summary>
    /// <param name="from">What its From says, without a tag; the user itself when not set.</param>
    public PlacedCall Call(string dialled, string headers = "", string? sdp = null, string? from = null)
    {
        var callId = $"call-{Guid.NewGuid():N}";
        var body = sdp ?? Sdp();
        var refusal = SendAuthenticated("INVITE", dialled, $"<{dialled}>", $"{HeadersFor(body)}{headers}", body, callId, from);
        return new PlacedCall(this, harness, LastSent, refusal);
    }

    public string NextVia() => $"SIP/2.0/{Flow.Transport.Token()} {Address};rport;branch=z9hG4bK{user}{Flow.Source.Port}x{Interlocked.Increment(ref _branch)}";

    public string HeadersFor(string body) => $"Contact: <sip:{user}@{Address}>\r\n{(body == "" ? "" : "Content-Type: application/sdp\r\n")}";

    private MessageText LastSent { get; set; } = null!;

    private static string TagOf(MessageText request) => $"p{request.Branch[^6..]}";

    private MessageText? Take(string kind)
    {
        lock (_lock)
        {
            for (var i = 0; i < _got.Count; i++)
            {
                if (_got[i].Kind == kind && _expected.Add(i)) return _got[i];
            }

            return null;
        }
    }

    private void AnswerByItself(MessageText request)
    {
        harness.Deliver(request.Answer(200), Flow);
        if (request.Kind != "CANCEL") return;
        var invite = Got.Last(message => message.Kind == "INVITE" && message.Branch == request.Branch);
        Answer(invite, 487);
    }

    private MessageText? SendAuthenticated(string method, string uri, string to, string headers, string body, string callId, string? from = null)
    {
        var answer = SendOnce(method, uri, to, headers, body, callId, from);
        if (answer?.Status is not (401 or 407)) return answer;
        var challenge = (answer.Has("WWW-Authenticate") ? answer.One("WWW-Authenticate") : answer.One("Proxy-Authenticate")).Split("nonce=\"")[1];
        (_nonce, _nonceCount) = (challenge[..challenge.IndexOf('"', StringComparison.Ordinal)], 0);
        return SendOnce(method, uri, to, headers, body, callId, from);
    }

    private MessageText? SendOnce(string method, string uri, string to, string headers, string body, string callId, string? from = null)
    {
        LastSent = new MessageText(new RequestText
        {
            Method = method, Uri = uri, Via = NextVia(), From = $"{from ?? $"<sip:{user}@{realm}>"};tag=f{user}", To = to, CallId = callId,
            CSeq = $"{++_cseq} {method}", Headers = headers + Credentials(method, uri), Body = body,
        }.ToString());
        return harness.Deliver(LastSent.Text, Flow);
    }

    private string Credentials(string method, string uri)
    {
        if (_nonce is null) return "";
        var count = (++_nonceCount).ToString("x8", CultureInfo.InvariantCulture);
        var response = Md5($"{Md5($"{user}:{realm}:{Password}")}:{_nonce}:{count}:c0ffee:auth:{Md5($"{method}:{uri}")}");
        return $"{(method == "REGISTER" ? "Authorization" : "Proxy-Authorization")}: Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{_nonce}\", "
            + $"uri=\"{uri}\", algorithm=MD5, qop=auth, nc={count}, cnonce=\"c0ffee\", response=\"{response}\"\r\n";
    }

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
