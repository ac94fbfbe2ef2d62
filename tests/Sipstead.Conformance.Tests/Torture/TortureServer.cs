using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Conformance.Tests.Transport;
using Sipstead.Provisioning.View;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Torture;

/// <summary>
/// The registrar on loopback sockets, serving example.com, example.net and example.org with the users of the torture messages. Authentication has no off
/// switch: where a table says what comes without it, <see cref="WithCredentials"/> gives the message the credentials of the user it names.
/// </summary>
public sealed class TortureServer : IAsyncDisposable
{
    private const string Password = "secret";
    private const int SipPort = 5060;

    private readonly RegistrarHarness _harness = new();
    private readonly CountingMeters _meters = new();
    private readonly SipTransportLayer _transports;
    private readonly Dictionary<string, long> _users = [];
    private int _lastPeer;

    public TortureServer() : this(TimeProvider.System)
    {
    }

    internal TortureServer(TimeProvider time)
    {
        string[] realms = ["example.com", "example.net", "example.org"];
        for (var i = 0; i < realms.Length; i++) _harness.View.AddRealms([new RealmEntry(1_000 + i, 9_900_000, realms[i], SipPort)], 1_000 + i);
        string[] users = ["null-\0-null", "user", "j.user", "j_user", "watson", "caller", "sips:user@example.com", "a", "b", "101"];
        foreach (var user in users) _users[user] = _harness.AddCredential(realms[0], user, Password);
        var options = new SipOptions { Address = "127.0.0.1", Port = FreePort.Take() };
        _transports = new SipTransportLayer(options, new SipMetrics(_meters), time, NullLoggerFactory.Instance);
        EndPoint = new IPEndPoint(IPAddress.Loopback, _transports.Start(_harness.Receivers));
    }

    /// <summary>Where it listens, UDP and TCP.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The URIs bound to a user of example.com.</summary>
    internal List<string> BindingsOf(string user) => [.. _harness.Bindings(_users[user]).Select(binding => binding.Contact)];

    /// <summary>Forgets what is bound to a user.</summary>
    internal void Unbind(string user)
    {
        var device = new ScriptedDevice(_harness, "example.com", user, Password) { DigestUser = Quoted(user), HashUser = user };
        Assert.Equal(200, device.Request("Contact: *\r\nExpires: 0\r\n").Status);
    }

    /// <summary>
    /// Sends a message as it is, then OPTIONS, from port 5060 of a loopback address of its own: most torture messages ask for no rport, so that the answer
    /// goes to the port that Via names. Returns the answers that came before the one to OPTIONS, which therefore are all there are; that one shows
    /// that the server goes on.
    /// </summary>
    /// <param name="answerPort">The port that the topmost Via of the message names.</param>
    internal async Task<List<SipResponseText>> AnswersOverUdpAsync(byte[] message, int answerPort = SipPort)
    {
        using var sender = await PeerAsync();
        using var other = answerPort == SipPort ? null : new UdpPeer($"{sender.EndPoint.Address}", answerPort);
        var receiver = other ?? sender;
        var callId = Guid.NewGuid().ToString("N");
        sender.Send(message, EndPoint);
        sender.Send(new RequestText { CallId = callId, Via = $"SIP/2.0/UDP {receiver.EndPoint};branch=z9hG4bK{callId}" }, EndPoint);
        var answers = new List<SipResponseText>();
        while (true)
        {
            var (octets, from) = await receiver.ReceiveAsync();
            Assert.Equal(EndPoint, from);
            var answer = new SipResponseText(octets);
            if (answer.One("Call-ID") == callId)
            {
                Assert.Equal(200, answer.Status);
                return answers;
            }

            answers.Add(answer);
        }
    }

    /// <summary>The message with the credentials of a user of example.com, for a nonce that the server just gave.</summary>
    internal async Task<byte[]> WithCredentials(byte[] message, string user)
    {
        var challenge = (await AnswersOverUdpAsync(message)).Single();
        var nonce = challenge.Challenge("nonce");
        var text = Encoding.Latin1.GetString(message);
        var line = text[..text.IndexOf("\r\n", StringComparison.Ordinal)];
        var (method, uri) = (line.Split(' ')[0], line.Split(' ')[1]);
        var realm = challenge.Challenge("realm");
        var response = Md5($"{Md5($"{user}:{realm}:{Password}")}:{nonce}:{Md5($"{method}:{uri}")}");
        var header = string.Create(
            CultureInfo.InvariantCulture,
            $"{(challenge.Status == 401 ? "" : "Proxy-")}Authorization: Digest username=\"{Quoted(user)}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{response}\"\r\n");
        return Encoding.Latin1.GetBytes(text.Insert(line.Length + 2, header));
    }

    public async ValueTask DisposeAsync()
    {
        await _transports.DisposeAsync();
        _harness.Dispose();
        _meters.Dispose();
    }

    /// <summary>NUL may stand in a quoted string as a quoted pair only (RFC 3261 25.1).</summary>
    private static string Quoted(string user) => user.Replace("\0", "\\\0", StringComparison.Ordinal);

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task<UdpPeer> PeerAsync() => await Poll.ForAsync(
        "a loopback address whose port 5060 is free", () => Task.FromResult(TryBind()), TestContext.Current.CancellationToken);

    private UdpPeer? TryBind()
    {
        var number = Interlocked.Increment(ref _lastPeer);
        try
        {
            return new UdpPeer($"127.47.{RandomNumberGenerator.GetInt32(1, 255)}.{1 + (number % 250)}", SipPort);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
