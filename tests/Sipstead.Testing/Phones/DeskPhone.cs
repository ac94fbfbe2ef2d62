using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sipstead.Testing.Sip;

namespace Sipstead.Testing.Phones;

/// <summary>What a phone does with a call.</summary>
public enum PhoneManner
{
    Answers,
    Rings,
    IsBusy,
}

/// <summary>A registered phone over UDP that takes calls in its manner. It knows nothing of the server's own code.</summary>
public sealed class DeskPhone : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<MessageText> _invites = [];
    private readonly ApiRealm _realm;
    private readonly PhoneManner _manner;
    private Task _receiving = Task.CompletedTask;

    private DeskPhone(ApiRealm realm, string user, PhoneManner manner)
    {
        _realm = realm;
        User = user;
        _manner = manner;
    }

    public string User { get; }

    public PhoneAudio Audio { get; } = new();

    /// <summary>The INVITEs so far, without repeats.</summary>
    public IReadOnlyList<MessageText> Invites
    {
        get
        {
            lock (_lock) return [.. _invites];
        }
    }

    /// <summary>Where it takes calls.</summary>
    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Connects to the server and registers.</summary>
    public static async Task<DeskPhone> StartAsync(
        int sipPort, ApiRealm realm, string user, string password, PhoneManner manner, CancellationToken cancellationToken)
    {
        var phone = new DeskPhone(realm, user, manner);
        try
        {
            await phone._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, sipPort), cancellationToken);
            await phone.RegisterAsync(password, cancellationToken);
            phone._receiving = phone.ReceiveAsync();
            return phone;
        }
        catch
        {
            await phone.DisposeAsync();
            throw;
        }
    }

    /// <summary>Presses keys in the call that came last.</summary>
    public Task PressAsync(string digits)
    {
        var offer = Invites[^1].Body;
        var line = Line(offer, "m=audio ").Split(' ');
        var host = Line(offer, "c=IN IP4 ");
        var party = new IPEndPoint(IPAddress.Parse(host), int.Parse(line[0], CultureInfo.InvariantCulture));
        return Audio.PressAsync(digits, party, byte.Parse(EventPayloadOf(offer), CultureInfo.InvariantCulture));
    }

    /// <summary>Ends the call that came last.</summary>
    public Task HangUpAsync()
    {
        var invite = Invites[^1];
        var bye = new RequestText
        {
            Method = "BYE", Uri = invite.One("Contact").Split('<', '>')[1], Via = Via(), From = $"{invite.One("To")};tag={TagOf(invite)}",
            To = invite.One("From"), CallId = invite.One("Call-ID"),
        };
        return SendAsync(bye.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _receiving;
        await Audio.DisposeAsync();
        _socket.Dispose();
        _stop.Dispose();
    }

    private static string Line(string sdp, string start) => sdp.Split("\r\n").First(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..];

    private static string EventPayloadOf(string sdp) =>
        sdp.Split("\r\n").First(line => line.Contains("telephone-event", StringComparison.Ordinal))["a=rtpmap:".Length..].Split(' ')[0];

    private static string TagOf(MessageText request) => request.One("Call-ID")[..8];

    private string Via() => $"SIP/2.0/UDP {Address};branch=z9hG4bK{Guid.NewGuid():N};rport";

    private async Task RegisterAsync(string password, CancellationToken cancellationToken)
    {
        var callId = Guid.NewGuid().ToString("N");
        var challenge = new SipAnswer((await AskAsync(Register(callId, 1, ""), cancellationToken)).Text).Challenged("nonce");
        var uri = $"sip:{_realm.Fqdn}";
        var response = DigestHashes.Response(DigestHashes.Hash1(User, _realm.Fqdn, password), challenge, "00000001", "c0ffee", "REGISTER", uri);
        var answer = await AskAsync(
            Register(
                callId, 2,
                $"Authorization: Digest username=\"{User}\", realm=\"{_realm.Fqdn}\", nonce=\"{challenge}\", uri=\"{uri}\", response=\"{response}\", "
                + "algorithm=MD5, cnonce=\"c0ffee\", nc=00000001, qop=auth\r\n"),
            cancellationToken);
        if (answer.Status != 200) throw new InvalidOperationException($"{User} is not registered: {answer}");
    }

    private string Register(string callId, int number, string authorization) => new RequestText
    {
        Method = "REGISTER", Uri = $"sip:{_realm.Fqdn}", Via = Via(), From = $"<sip:{User}@{_realm.Fqdn}>;tag={callId[..8]}",
        To = $"<sip:{User}@{_realm.Fqdn}>", CallId = callId, CSeq = $"{number} REGISTER", Headers = $"{Contact()}Expires: 600\r\n{authorization}",
    }.ToString();

    private string Contact() => $"Contact: <sip:{User}@{Address}>\r\n";

    private async Task<MessageText> AskAsync(string request, CancellationToken cancellationToken)
    {
        await SendAsync(request);
        var buffer = new byte[8192];
        var read = await _socket.ReceiveAsync(buffer, cancellationToken).AsTask().WaitAsync(Poll.DefaultDeadline, cancellationToken);
        return new MessageText(Encoding.UTF8.GetString(buffer, 0, read));
    }

    private async Task SendAsync(string message) => await _socket.SendAsync(Encoding.UTF8.GetBytes(message), _stop.Token);

    private async Task ReceiveAsync()
    {
        var buffer = new byte[65_535];
        try
        {
            while (true)
            {
                var read = await _socket.ReceiveAsync(buffer, _stop.Token);
                if (read <= 4) continue; // a keep-alive
                var message = new MessageText(Encoding.UTF8.GetString(buffer, 0, read));
                if (message.Status == 0) await TakeAsync(message);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The phone is put away, or the server is gone.
        }
    }

    private async Task TakeAsync(MessageText request)
    {
        switch (request.Method)
        {
            case "INVITE":
                await TakeInviteAsync(request);
                break;
            case "CANCEL":
                await SendAsync(request.Answer(200, TagOf(request)));
                await SendAsync(Invites.Last(invite => invite.One("Call-ID") == request.One("Call-ID")).Answer(487, TagOf(request)));
                break;
            case "ACK":
                break;
            default:
                await SendAsync(request.Answer(200, request.ToTag == "" ? TagOf(request) : ""));
                break;
        }
    }

    private async Task TakeInviteAsync(MessageText invite)
    {
        lock (_lock)
        {
            if (!_invites.Exists(known => known.Branch == invite.Branch)) _invites.Add(invite);
        }

        if (_manner == PhoneManner.IsBusy)
        {
            await SendAsync(invite.Answer(486, TagOf(invite)));
            return;
        }

        await SendAsync(invite.Answer(180, TagOf(invite), Contact()));
        if (_manner != PhoneManner.Answers) return;
        await SendAsync(invite.Answer(200, TagOf(invite), $"{Contact()}Content-Type: application/sdp\r\n", Answer(invite.Body)));
    }

    private string Answer(string offer)
    {
        var events = EventPayloadOf(offer);
        return $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {Audio.Port} RTP/AVP 0 {events}\r\n"
            + $"a=rtpmap:0 PCMU/8000\r\na=rtpmap:{events} telephone-event/8000\r\n";
    }
}
