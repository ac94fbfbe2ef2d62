using System.Text;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.Registration;

/// <summary>Threats to a user's bindings by others: another user with good credentials, and somebody without (docs/security.md).</summary>
public sealed class HijackTests : RegistrationFixture
{
    private const string Desk = "<sip:bob@192.0.2.66:5066>";
    private const string Instance = "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-0000000b0b00>\"";
    private const string Outbound = "Supported: path, outbound, gruu\r\n";

    private readonly long _bob;
    private readonly ScriptedDevice _bobs;

    public HijackTests()
    {
        _bob = Harness.AddCredential(Realm, "bob", "other");
        _bobs = new ScriptedDevice(Harness, Realm, "bob", "other") { Flow = RegistrarHarness.Flow("192.0.2.66:5066") };
        Assert.Equal(200, _bobs.Register($"{Desk};{Instance};reg-id=1", extraHeaders: Outbound).Status);
    }

    /// <summary>Each spelling of another's address-of-record, and what looks like one.</summary>
    [Theory]
    [InlineData("<sip:bob@{0}>")]
    [InlineData("<sip:b%6fb@{0}>")]
    [InlineData("<sip:%62%6F%62@{0}>;x=y")]
    [InlineData("\"alice\" <sips:bob@{0}:5061;user=phone?x=y>")]
    [InlineData("sip:bob@{0}")]
    [InlineData("<sip:bob:alice@{0}>")]
    [InlineData("<sip:BOB@{0}>")]
    [InlineData("<sip:bob%40{0}@{0}>")]
    [InlineData("<sip:bob%00@{0}>")]
    [InlineData("<sip:alice%00bob@{0}>")]
    [InlineData("<sip:alice%20@{0}>")]
    [InlineData("<sip:{0}>")]
    public void S_11_ToOfAnotherUser_Gets403_HoweverWritten(string to)
    {
        to = string.Format(System.Globalization.CultureInfo.InvariantCulture, to, Realm);
        Assert.Equal("SIP/2.0 403 Not Your Address-Of-Record", AsAlice($"To: <sip:alice@{Realm}>", $"To: {to}").StatusLine);
        BobIsUnchanged();
        Assert.Empty(Harness.Bindings(Alice));
    }

    [Fact]
    public void S_11_TwoTos_Get400_InEitherOrder()
    {
        string To(string user) => $"To: <sip:{user}@{Realm}>\r\n";
        foreach (var tos in new[] { To("alice") + To("bob"), To("bob") + To("alice"), To("alice") + To("bob").Replace("To:", "t:", StringComparison.Ordinal) })
            Assert.Equal(400, AsAlice(To("alice"), tos).Status);
        BobIsUnchanged();
        Assert.Empty(Harness.Bindings(Alice));
    }

    [Fact]
    public void S_11_IdentityHeadersOfAnother_ChangeNothing()
    {
        var answer = AsAlice(
            $"From: <sip:alice@{Realm}>", $"P-Preferred-Identity: <sip:bob@{Realm}>\r\nP-Asserted-Identity: <sip:bob@{Realm}>\r\nFrom: <sip:bob@{Realm}>");
        Assert.Equal([$"{Phone};expires=3600"], answer.Contacts);
        Assert.Single(Harness.Bindings(Alice));
        BobIsUnchanged();
    }

    [Fact]
    public void S_11_InstanceRegIdAndCallIdOfAnother_MakeAFlowOfOnesOwn()
    {
        Device.CallId = _bobs.CallId;
        var answer = Device.Register($"{Desk};{Instance};reg-id=1", extraHeaders: Outbound);
        Assert.StartsWith($"{Desk};", answer.Contacts.Single(), StringComparison.Ordinal);
        Assert.Contains($"sip:alice@{Realm};gr=", answer.Contacts.Single(), StringComparison.Ordinal);
        Assert.Equal(Device.Flow, Harness.Bindings(Alice).Single().Flow);
        BobIsUnchanged();
    }

    [Theory]
    [InlineData("INVITE")]
    [InlineData("OPTIONS")]
    [InlineData("MESSAGE")]
    [InlineData("BYE")]
    [InlineData("UPDATE")]
    [InlineData("ACK")]
    public void S_12_RequestFromANewAddress_MovesNoBinding(string method)
    {
        var elsewhere = RegistrarHarness.Flow("203.0.113.80:1024");
        var roaming = new ScriptedDevice(Harness, Realm, "bob", "other") { Flow = elsewhere, Method = method, CallId = _bobs.CallId, CSeq = 500 };
        var headers = $"Contact: <sip:bob@203.0.113.80:1024>;{Instance};reg-id=1\r\nExpires: 0\r\n";
        if (method == "ACK") Assert.Null(Harness.Send(roaming.Build(headers), elsewhere));
        else Assert.NotEqual(0, roaming.Request(headers).Status);
        BobIsUnchanged();
    }

    [Fact]
    public void S_12_ResponsesFromANewAddress_MoveNoBinding()
    {
        var request = _bobs.LastMessage;
        var response = "SIP/2.0 200 OK\r\n" + request[(request.IndexOf("\r\n", StringComparison.Ordinal) + 2)..];
        Assert.Null(Harness.Send(response, RegistrarHarness.Flow("203.0.113.80:1024")));
        BobIsUnchanged();
    }

    [Fact]
    public void S_13_DeregistrationWithoutTheRightDigest_ChangesNothing()
    {
        var stranger = new ScriptedDevice(Harness, Realm, "bob", "guessed") { CallId = _bobs.CallId, CSeq = 500 };
        Assert.Equal(401, stranger.SendOnce(Everything).Status);
        Assert.Equal(401, stranger.Request(Everything).Status);
        stranger.Nonce = _bobs.Nonce;
        Assert.Equal(401, stranger.SendOnce(Everything).Status);
        BobIsUnchanged();
    }

    [Fact]
    public void S_13_DeregistrationOfAnotherUser_Gets403() => Assert.Multiple(
        () => Assert.Equal(403, AsAlice($"To: <sip:alice@{Realm}>", $"To: <sip:bob@{Realm}>", Everything).Status),
        BobIsUnchanged);

    [Fact]
    public void S_13_StaleNonce_ChangesNothing()
    {
        _bobs.Register($"{Desk};{Instance};reg-id=1", 7200, Outbound);
        Harness.Time.Advance(TimeSpan.FromSeconds(Harness.Options.NonceLifetime + 1));
        var answer = _bobs.SendOnce(Everything);
        Assert.Equal((401, "true"), (answer.Status, answer.Challenge("stale")));
        BobIsUnchanged(cseq: 3);
    }

    /// <summary>Somebody on the way kept a deregistration and sends it again after the device came back.</summary>
    [Fact]
    public void S_13_CapturedDeregistration_CannotBeUsedAgain()
    {
        _bobs.Request(Everything);
        var captured = _bobs.LastMessage;
        _bobs.Register($"{Desk};{Instance};reg-id=1", extraHeaders: Outbound);
        foreach (var flow in new[] { _bobs.Flow, RegistrarHarness.Flow("203.0.113.80:1024") })
            Assert.Equal(401, Harness.Send(captured, flow)!.Status);
        BobIsUnchanged(cseq: 4);
    }

    private const string Everything = "Contact: *\r\nExpires: 0\r\n";

    /// <summary>Sends what alice would send, with her digest, but for a change.</summary>
    private SipResponseText AsAlice(string line, string other, string? headers = null)
    {
        Device.Nonce ??= Device.SendOnce("").Challenge("nonce");
        var message = Device.Build(headers ?? $"Contact: {Phone}\r\n");
        Assert.Contains(line, message, StringComparison.Ordinal);
        return Harness.Send(Encoding.Latin1.GetBytes(message.Replace(line, other, StringComparison.Ordinal)), Device.Flow)!;
    }

    private void BobIsUnchanged() => BobIsUnchanged(cseq: 2);

    private void BobIsUnchanged(long cseq)
    {
        var binding = Assert.Single(Harness.Bindings(_bob));
        Assert.Equal(("sip:bob@192.0.2.66:5066", "192.0.2.66:5066", cseq), (binding.Contact, binding.Flow.Source.ToString(), binding.CSeq));
    }
}
