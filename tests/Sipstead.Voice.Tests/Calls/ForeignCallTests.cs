using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Calls to foreign hosts that have several targets: which is rung, which is left alone, and where ACK and BYE go.</summary>
public sealed class ForeignCallTests : VoiceTest
{
    private const string Host = "carrier.example";
    private const string Uri = $"sip:bob@{Host}";

    private ScriptedPhone _first = null!;
    private ScriptedPhone _second = null!;

    private protected override VoiceOptions Options => new() { SipHosts = [Host, "host", "localhost", "own-domain.example"], AllowedNetworks = ["127.0.0.0/8"] };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _first = Voice.NewPhone("first");
        _second = Voice.NewPhone("second");
        Voice.Dns.Host("one.example", "127.0.0.1");
        foreach (var (phone, priority) in (ReadOnlySpan<(ScriptedPhone, int)>)[(_first, 1), (_second, 2)])
            Voice.Dns.Srv($"_sip._udp.{Host}", priority, 0, phone.Flow.Source.Port, "one.example");
        Voice.Catcher.AnswerBxml("/answer", Waiting);
    }

    [Fact]
    public async Task LOC_04_SilentTarget_IsGivenUpAfterFourSeconds_ForTheNextWithANewBranch()
    {
        var call = Voice.Create(Voice.Wish(Uri));
        var invite = await _first.ExpectAsync("INVITE");
        await VoiceHarness.SettleAsync(call);
        Voice.Advance(3.9);
        await VoiceHarness.SettleAsync(call);
        Assert.Empty(_second.Got);

        Voice.Advance(.1);
        var next = await _second.ExpectAsync("INVITE");
        Assert.NotEqual(invite.Branch, next.Branch);
        Assert.Equal((Uri, Uri), (invite.Uri, next.Uri));
        await _second.AcceptAsync(next);
        await Voice.ExpectAsync("answer");

        _first.Answer(invite, 200, body: ScriptedPhone.Sdp()); // it was there after all: its answer is ended
        await _first.ExpectAsync("ACK");
        await _first.ExpectAsync("BYE");
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task LOC_04_TargetThatSaid100_IsNotGivenUp()
    {
        var call = Voice.Create(Voice.Wish(Uri));
        var invite = await _first.ExpectAsync("INVITE");
        _first.Answer(invite, 100);
        await VoiceHarness.SettleAsync(call);
        Voice.Advance(20);
        await VoiceHarness.SettleAsync(call);
        Assert.Empty(_second.Got);
        await _first.AcceptAsync(invite);
        await Voice.ExpectAsync("answer");
    }

    [Fact]
    public async Task LOC_04_503_GoesToTheNextTarget_AndTheFirstIsLeftAloneForRetryAfter()
    {
        Voice.Create(Voice.Wish(Uri));
        _first.Answer(await _first.ExpectAsync("INVITE"), 503, "Retry-After: 50 (maintenance);duration=5\r\n");
        await _second.AcceptAsync(await _second.ExpectAsync("INVITE"));

        var during = Voice.Create(Voice.Wish(Uri));
        await _second.AcceptAsync(await _second.ExpectAsync("INVITE"));
        await VoiceHarness.UntilAsync(during, CallPhase.Answered);
        Assert.Single(_first.Kinds, "INVITE");

        Voice.Advance(50); // before the answers kept of DNS are old
        Voice.Create(Voice.Wish(Uri));
        await _first.AcceptAsync(await _first.ExpectAsync("INVITE"));
    }

    [Fact]
    public async Task LOC_04_503WithoutRetryAfter_IsTriedFirstAgain()
    {
        for (var i = 0; i < 2; i++)
        {
            Voice.Create(Voice.Wish(Uri));
            _first.Answer(await _first.ExpectAsync("INVITE"), 503);
            await _second.AcceptAsync(await _second.ExpectAsync("INVITE"));
        }
    }

    [Fact]
    public async Task LOC_04_AllTargetsThatAskForAPause_GetIt()
    {
        var call = Voice.Create(Voice.Wish(Uri));
        _first.Answer(await _first.ExpectAsync("INVITE"), 503, "Retry-After: 30\r\n");
        _second.Answer(await _second.ExpectAsync("INVITE"), 503, "Retry-After: 40\r\n");
        var end = await VoiceHarness.EndOfAsync(call);
        Assert.Equal("error", end.DisconnectCause);

        end = await VoiceHarness.EndOfAsync(Voice.Create(Voice.Wish(Uri)));
        Assert.Equal($"{Host} asked for a pause (503 with Retry-After); call again later", end.ErrorMessage);
        Assert.Single(_first.Kinds, "INVITE");
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task LOC_04_WayThatFails_IsFollowedByTheNext()
    {
        _first.RefusesToTake = true;
        Voice.Create(Voice.Wish(Uri));
        await _second.AcceptAsync(await _second.ExpectAsync("INVITE"));
        Assert.Empty(_first.Got);
    }

    [Fact]
    public async Task LOC_04_AnyOtherRefusal_IsTheHostsWord()
    {
        var call = Voice.Create(Voice.Wish(Uri));
        _first.Answer(await _first.ExpectAsync("INVITE"), 486);
        Assert.Equal("busy", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        Assert.Empty(_second.Got);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task LOC_05_Cancel_GoesToTheTargetOfItsInvite()
    {
        var call = Voice.Create(Voice.Wish(Uri));
        var invite = await _first.ExpectAsync("INVITE");
        _first.Ring(invite);
        await VoiceHarness.SettleAsync(call);
        await call.CompleteAsync();
        Assert.Equal(invite.Branch, (await _first.ExpectAsync("CANCEL")).Branch);
        Assert.Equal(invite.Branch, (await _first.ExpectAsync("ACK")).Branch);
        Assert.Empty(_second.Got);
    }

    [Theory]
    [InlineData(SipTransport.Tcp, Uri, "TCP")]
    [InlineData(SipTransport.Udp, Uri, "UDP")] // nothing takes connections there
    [InlineData(SipTransport.Udp, Uri + ";transport=udp", "UDP")]
    public async Task TPT_10_InviteThatIsLarge_GoesOverTcp_AndAsADatagramWhereThereIsNone(SipTransport transport, string uri, string via)
    {
        var phone = Voice.NewPhone("large", transport);
        Voice.Dns.Srv($"_sip._udp.{Host}", 0, 0, phone.Flow.Source.Port, "one.example");
        var call = Voice.Create(Voice.Wish(uri) with { UserToUser = [new string('a', 600)] });

        var invite = await phone.ExpectAsync("INVITE");

        Assert.StartsWith($"SIP/2.0/{via} ", invite.One("Via"), StringComparison.Ordinal);
        Assert.Contains($";transport={via}", invite.One("Contact"), StringComparison.OrdinalIgnoreCase);
        Assert.InRange(invite.Text.Length, 1301, 4000);
        await phone.AcceptAsync(invite);
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
    }

    [Fact]
    public async Task TPT_10_ConnectionThatFails_IsFollowedByADatagramToTheSameTarget()
    {
        var phone = Voice.NewPhone("large", SipTransport.Tcp);
        phone.RefusesToTake = true;
        Voice.Dns.Srv($"_sip._udp.{Host}", 0, 0, phone.Flow.Source.Port, "one.example");
        Voice.Create(Voice.Wish(Uri) with { UserToUser = [new string('a', 600)] });
        await Poll.UntilAsync("both ways", () => Task.FromResult(Voice.Flows.Sent.Count(flow => flow.Source == phone.Flow.Source) >= 2), Cancel);
        Assert.Equal([SipTransport.Tcp, SipTransport.Udp], Voice.Flows.Sent.Where(flow => flow.Source == phone.Flow.Source).Select(flow => flow.Transport));
    }

    [Fact]
    public async Task PRX_09_AckAndBye_GoToTheProxyThatRecordedItsRoute()
    {
        var call = Voice.Create(Voice.Wish(Uri));
        var invite = await _first.ExpectAsync("INVITE");
        Voice.Dns.Host("proxy.example", "127.0.0.1");
        _first.Answer(invite, 200, $"Record-Route: <sip:proxy.example:{_second.Flow.Source.Port};lr>\r\n", ScriptedPhone.Sdp());

        var ack = await _second.ExpectAsync("ACK");
        Assert.Equal($"<sip:proxy.example:{_second.Flow.Source.Port};lr>", ack.One("Route"));
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        await call.CompleteAsync();
        await _second.ExpectAsync("BYE");
        Assert.DoesNotContain("ACK", _first.Kinds);
    }

    [Fact]
    public async Task S_14_RouteToWhereNothingMayBeSent_IsNotFollowed()
    {
        var call = Voice.Create(Voice.Wish(Uri));
        var invite = await _first.ExpectAsync("INVITE");
        Voice.Dns.Host("inside.example", "10.0.0.1");
        _first.Answer(invite, 200, "Record-Route: <sip:inside.example;lr>\r\n", ScriptedPhone.Sdp());

        await _first.ExpectAsync("ACK");
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        Assert.All(Voice.Flows.Sent, flow => Assert.True(flow.Source.IsLoopback));
    }

    [Fact]
    public async Task S_14_ContactTargets_AsForeignHosts_GetNothing()
    {
        Voice.Dns.Host("host", "169.254.169.254").Host("own-domain.example", "10.1.2.3");
        var lines = File.ReadLines(SharedFiles.Path("vectors", "contact-targets.txt")).Select(line => line.Split(' ')[0]).Where(line => line.Length > 0).ToList();
        Assert.True(lines.Count > 20);
        foreach (var line in lines)
        {
            var end = await VoiceHarness.EndOfAsync(Voice.Create(Voice.Wish(line)));
            Assert.True(end.DisconnectCause is "rejected" or "error", $"{line}: {end}");
        }

        Assert.Empty(Voice.Flows.Sent);
        await Voice.UntilNoMediaAsync();
    }
}
