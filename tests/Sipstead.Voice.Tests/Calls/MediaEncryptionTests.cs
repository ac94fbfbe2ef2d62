using Sipstead.Provisioning.Realms;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Whether calls are encrypted: by the flow of the device and the setting of its realm (ruling 33, docs/calls.md).</summary>
public sealed class MediaEncryptionTests : VoiceTest
{
    private const string Key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private const string Crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "\r\n";
    private const string Suite = "AES_CM_128_HMAC_SHA1_80";

    private static string PlainSdp => ScriptedPhone.Sdp();

    private static string BestEffortSdp => PlainSdp + Crypto;

    private static string SecureSdp => BestEffortSdp.Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal);

    [Fact]
    public async Task MED_09_DeviceOverTls_IsOfferedKeysBesidePlainRtp()
    {
        var alice = NewPhone(SipTransport.Tls);
        var (call, invite) = await Voice.EstablishAsync(alice, Waiting, sdp: BestEffortSdp);
        Assert.Contains(" RTP/AVP ", invite.Body, StringComparison.Ordinal);
        Assert.Contains($"a=crypto:1 {Suite} inline:", invite.Body, StringComparison.Ordinal);
        Assert.Equal(Suite, call.MediaStatistics!.Encryption);
        await CompleteAsync(call);
        Assert.Equal(Suite, call.MediaStatistics.Encryption);
    }

    [Fact]
    public async Task MED_09_DeviceOverTlsThatAnswersPlain_IsSpokenToPlain()
    {
        var (call, _) = await Voice.EstablishAsync(NewPhone(SipTransport.Wss), Waiting, sdp: PlainSdp);
        Assert.Equal(("PCMU", null), (call.MediaStatistics!.Codec, call.MediaStatistics.Encryption));
    }

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    [InlineData(SipTransport.Ws)]
    public async Task MED_13_OverPlainSignalling_NoKeyIsGivenOrTaken(SipTransport transport)
    {
        var alice = NewPhone(transport);
        var (call, invite) = await Voice.EstablishAsync(alice, Waiting, sdp: BestEffortSdp);
        Assert.DoesNotContain("crypto", invite.Body, StringComparison.Ordinal);
        Assert.Null(call.MediaStatistics!.Encryption);
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var answer = await alice.Call(Number, sdp: BestEffortSdp).ConfirmAsync();
        Assert.DoesNotContain("crypto", answer.Body, StringComparison.Ordinal);
        var refused = await alice.Call(Number, sdp: SecureSdp).ExpectAsync(488);
        Assert.Equal("302 sipstead \"Keys for RTP/SAVP are taken over TLS only\"", refused.One("Warning"));
    }

    [Fact]
    public async Task MED_09_EachDeviceOverTls_HasKeysAndPortsOfItsOwn()
    {
        Voice.AddUser("alice", Voice.Application.Id);
        var phones = Enumerable.Range(0, 4).Select(i => Voice.NewPhone("alice", i < 2 ? SipTransport.Tls : SipTransport.Udp)).ToList();
        foreach (var phone in phones) phone.Register();
        Voice.Catcher.AnswerBxml("/answer", Waiting);
        var call = Voice.Create();
        var offers = new List<string>();
        foreach (var phone in phones) offers.Add((await phone.ExpectAsync("INVITE")).Body);
        Assert.Equal(3, offers.Select(MediaLine).Distinct().Count());
        Assert.Equal(8, offers.SelectMany(Keys).Distinct().Count());
        Assert.Equal(3, Voice.Media.OpenSessions);
        var invite = phones[0].Got.First(message => message.Kind == "INVITE");
        await phones[0].AcceptAsync(invite, BestEffortSdp);
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        await VoiceHarness.SettleAsync(call);
        Assert.Equal(1, Voice.Media.OpenSessions);
        await CompleteAsync(call);

        static string MediaLine(string sdp) => sdp.Split("\r\n").First(line => line.StartsWith("m=", StringComparison.Ordinal));
        static IEnumerable<string> Keys(string sdp) => sdp.Split("\r\n").Where(line => line.StartsWith("a=crypto", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AVP", true)]
    [InlineData("SAVP", true)]
    [InlineData("AVP", false)]
    public async Task MED_09_CallOfADeviceOverTls_IsAnsweredAsOffered(string profile, bool hasKey)
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var sdp = (hasKey ? BestEffortSdp : PlainSdp).Replace("RTP/AVP", $"RTP/{profile}", StringComparison.Ordinal);
        var answer = await NewPhone(SipTransport.Tls).Call(Number, sdp: sdp).ConfirmAsync();
        Assert.Contains($" RTP/{profile} ", answer.Body, StringComparison.Ordinal);
        Assert.Equal(hasKey, answer.Body.Contains($"a=crypto:1 {Suite} inline:", StringComparison.Ordinal));
        Assert.Equal(hasKey ? Suite : null, (await Voice.InboundAsync()).MediaStatistics!.Encryption);
    }

    [Fact]
    public async Task MED_13_RealmThatRequiresEncryption_OffersSavpOnly()
    {
        var realm = Vault();
        var alice = NewPhone(SipTransport.Tls, realm);
        var (call, invite) = await Voice.EstablishAsync(alice, Waiting, Voice.Wish($"sip:alice@{realm}"), SecureSdp);
        Assert.Contains(" RTP/SAVP ", invite.Body, StringComparison.Ordinal);
        Assert.Equal(Suite, call.MediaStatistics!.Encryption);
    }

    [Fact]
    public async Task MED_13_RealmThatRequiresEncryption_TakesNoPlainAnswer()
    {
        var realm = Vault();
        var alice = NewPhone(SipTransport.Tls, realm);
        var call = Voice.Create(Voice.Wish($"sip:alice@{realm}"));
        await alice.AcceptAsync(await alice.ExpectAsync("INVITE"), PlainSdp);
        var end = await VoiceHarness.EndOfAsync(call);
        Assert.Equal(("error", "The device's answer cannot be used: The answer has no key for encrypted media"), (end.DisconnectCause, end.ErrorMessage));
        await alice.ExpectAsync("BYE");
    }

    [Fact]
    public async Task MED_13_RealmThatRequiresEncryption_RingsDevicesOverTlsOnly()
    {
        var realm = Vault();
        var plain = NewPhone(SipTransport.Udp, realm);
        var end = await VoiceHarness.EndOfAsync(Voice.Create(Voice.Wish($"sip:alice@{realm}")));
        Assert.Equal("error", end.DisconnectCause);
        Assert.Contains("none of its devices is connected over TLS", end.ErrorMessage, StringComparison.Ordinal);
        var secure = Voice.NewPhone("alice", SipTransport.Tls, realm);
        secure.Register();
        Voice.Catcher.AnswerBxml("/answer", Waiting);
        var call = Voice.Create(Voice.Wish($"sip:alice@{realm}"));
        await secure.AcceptAsync(await secure.ExpectAsync("INVITE"), SecureSdp);
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        Assert.DoesNotContain("INVITE", plain.Kinds);
    }

    [Theory]
    [InlineData(SipTransport.Udp, true, "connect over TLS and offer RTP/SAVP")]
    [InlineData(SipTransport.Tls, false, "offer RTP/SAVP")]
    public async Task MED_13_RealmThatRequiresEncryption_RefusesOtherCalls(SipTransport transport, bool isSecure, string advice)
    {
        var realm = Vault();
        var refused = await NewPhone(transport, realm).Call($"sip:+12025550111@{realm}", sdp: isSecure ? SecureSdp : PlainSdp).ExpectAsync(488);
        Assert.Equal($"302 sipstead \"Media must be encrypted: {advice}\"", refused.One("Warning"));
        Assert.Empty(Voice.Catcher.Requests);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task S_55_ReInviteToPlainRtp_IsRefused_AndTheCallGoesOnEncrypted()
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var alice = NewPhone(SipTransport.Tls);
        var placed = alice.Call(Number, sdp: SecureSdp);
        var answer = await placed.ConfirmAsync();
        var call = await Voice.InboundAsync();
        placed.SendInDialog(answer, "INVITE", PlainSdp);
        var refused = await alice.ExpectAsync("488 INVITE");
        Assert.Equal("399 sipstead \"Encrypted media cannot become plain\"", refused.One("Warning"));
        Assert.Equal((CallPhase.Answered, Suite), (call.State.Phase, call.MediaStatistics!.Encryption));
    }

    [Fact]
    public async Task S_55_KeysOfMedia_AreMaskedInTheTrace()
    {
        var (call, invite) = await Voice.EstablishAsync(NewPhone(SipTransport.Tls), Waiting, sdp: BestEffortSdp);
        var details = Voice.Directory.Find(VoiceHarness.Account, call.Id)!;
        var trace = string.Concat(details.Trace.Select(message => System.Text.Encoding.UTF8.GetString(message.Octets.Span)));
        Assert.Contains("a=crypto:", trace, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, trace, StringComparison.Ordinal);
        Assert.DoesNotContain(invite.Body.Split("inline:")[1][..40], trace, StringComparison.Ordinal);
    }

    private string Number => $"sip:+12025550111@{Voice.Realm}";

    private string Vault() => Voice.AddRealm("vault", VoiceHarness.Account, MediaEncryption.Required);

    private ScriptedPhone NewPhone(SipTransport transport, string? realm = null)
    {
        Voice.AddUser("alice", Voice.Application.Id, realm);
        var phone = Voice.NewPhone("alice", transport, realm);
        phone.Register();
        return phone;
    }

    private static async Task CompleteAsync(Call call)
    {
        Assert.True(await call.CompleteAsync());
        await VoiceHarness.UntilAsync(call, CallPhase.Disconnected);
    }
}
