using System.Net;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Who can be called, and what becomes of calls to all others (rulings 22, 29).</summary>
public sealed class DestinationTests : VoiceTest
{
    /// <summary>A host that no name server need be asked for: a label has 63 characters at most.</summary>
    private static readonly string Nowhere = $"{new string('a', 64)}.invalid";

    private protected override VoiceOptions Options => new() { SipHosts = ["127.0.0.1", Nowhere] };

    [Fact]
    public async Task UnknownUser_IsAnError()
    {
        var end = await EndOfAsync($"sip:nobody@{Voice.Realm}");
        Assert.Equal(("error", $"sip:nobody@{Voice.Realm}: there is no such user in the realm {Voice.Realm}"), (end.DisconnectCause, end.ErrorMessage));
    }

    [Fact]
    public async Task RealmOfAnotherAccount_IsRefusedAndRingsNobody()
    {
        var realm = Voice.AddRealm("theirs", VoiceHarness.OtherAccount);
        Voice.AddUser("bob", null, realm);
        var bob = Voice.NewPhone("bob", realm: realm);
        bob.Register();

        var end = await EndOfAsync($"sip:bob@{realm}");

        Assert.Equal(("rejected", $"{realm} is no realm of this account"), (end.DisconnectCause, end.ErrorMessage));
        Assert.DoesNotContain("INVITE", bob.Kinds);
    }

    [Fact]
    public async Task ForeignHost_NotNamedInTheSettings_IsRefused()
    {
        var end = await EndOfAsync("sip:bob@example.net");
        Assert.Equal("rejected", end.DisconnectCause);
        Assert.Contains("Sipstead:Voice:SipHosts", end.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TelephoneNumber_WithoutATrunk_IsRefused()
    {
        var end = await EndOfAsync("+12025550111");
        Assert.Equal("rejected", end.DisconnectCause);
        Assert.Equal((CallPhase.Disconnected, true), (end.Phase, end.StartTime is not null));
    }

    [Fact]
    public async Task ForeignHost_NamedInTheSettings_IsCalledAtItsAddress()
    {
        var peer = Voice.NewPhone("peer");
        Voice.Catcher.AnswerBxml("/answer", Waiting);
        var call = Voice.Create(Voice.Wish($"sip:bob@127.0.0.1:{peer.Flow.Source.Port}"));

        var invite = await peer.ExpectAsync("INVITE");

        Assert.Equal(call.State.To, invite.Uri);
        Assert.StartsWith("<sip:+12025550100@127.0.0.1>", invite.One("From"), StringComparison.Ordinal);
        await peer.AcceptAsync(invite);
        await Voice.ExpectAsync("answer");
    }

    [Fact]
    public async Task ForeignHost_WithoutAnAddress_IsAnError()
    {
        var end = await EndOfAsync($"sip:bob@{Nowhere}");
        Assert.Equal(("error", $"{Nowhere} has no address that can be reached"), (end.DisconnectCause, end.ErrorMessage));
    }

    [Fact]
    public async Task ForeignHost_CompletedWhileItIsLookedUp_IsNotCalled()
    {
        var peer = Voice.NewPhone("peer");
        var call = Voice.Create(Voice.Wish($"sip:bob@127.0.0.1:{peer.Flow.Source.Port}"));
        await call.CompleteAsync();

        Assert.Equal("cancel", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        await Voice.UntilNoMediaAsync();
    }

    [Theory]
    [InlineData("sip:bob@127.0.0.1:0")]
    [InlineData("sip:bob@127.0.0.1:5060")] // our own port
    public async Task ForeignHost_AtAPortThatCannotBe_EndsTheCall(string to)
    {
        var call = Voice.Create(Voice.Wish(to));
        await VoiceHarness.SettleAsync(call);
        await Sipstead.Testing.Poll.UntilAsync("the end", () =>
        {
            Voice.Advance(31);
            return Task.FromResult(call.State.Phase == CallPhase.Disconnected);
        }, Cancel);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public void LegAddresses_PublicAddress_IsToldToAllButThisMachine()
    {
        var addresses = new LegAddresses(new VoiceOptions { PublicAddress = "203.0.113.7, 2001:db8::7" });

        Assert.Equal("203.0.113.7", Advertised("198.51.100.1:5060", "10.0.0.1:5060"));
        Assert.Equal("2001:db8::7", Advertised("[2001:db8::1]:5060", "[fd00::1]:5060"));
        Assert.Equal("127.0.0.1", Advertised("127.0.0.1:40000", "127.0.0.1:5060"));

        string Advertised(string source, string local) => addresses.AdvertisedFor(
            new SipFlow(SipTransport.Udp, new TransportAddress(IPEndPoint.Parse(source)), new TransportAddress(IPEndPoint.Parse(local)), 0)).ToString();
    }

    private async Task<CallState> EndOfAsync(string to)
    {
        var end = await VoiceHarness.EndOfAsync(Voice.Create(Voice.Wish(to)));
        Assert.Equal(end.DisconnectCause, (await Voice.ExpectAsync("disconnect"))["cause"]);
        await Voice.UntilNoMediaAsync();
        return end;
    }
}
