using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Connecting;

/// <summary>A test with two phones, Alice who calls and Bob who is called.</summary>
public abstract class ConnectingTest : VoiceTest
{
    private protected const string Number = "+12025550111";

    private protected ScriptedPhone Alice { get; private set; } = null!;

    private protected ScriptedPhone Bob { get; private set; } = null!;

    private protected string BobUri => UriOf("bob");

    private protected string AliceUri => UriOf("alice");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Alice = Voice.AddPhone();
        Bob = Voice.AddPhone("bob");
    }

    private protected string UriOf(string user) => $"sip:{user}@{Voice.Realm}";

    /// <summary>Alice calls, and her application answers with these verbs.</summary>
    private protected PlacedCall CallWith(string verbs, string headers = "", string? sdp = null)
    {
        Voice.Catcher.AnswerBxml("/initiate", $"<Response>{verbs}</Response>");
        return Alice.Call($"sip:{Number}@{Voice.Realm}", headers, sdp);
    }

    /// <summary>Alice's call, connected with Bob by a Transfer.</summary>
    private protected async Task<ConnectedCalls> ConnectAsync(string transfer = "", string target = "", string behind = "")
    {
        var placed = CallWith($"<Transfer {transfer}><SipUri {target}>{BobUri}</SipUri></Transfer>{behind}");
        var invite = await Bob.ExpectAsync("INVITE");
        Bob.Ring(invite);
        await placed.ExpectAsync(180);
        await Bob.AcceptAsync(invite);
        var answer = await placed.ConfirmAsync();
        var call = await Voice.InboundAsync();
        var leg = Voice.Registry.Live().Single(other => other.State.Transfer?.ParentCallId == call.Id);
        await Poll.UntilAsync("the bridge", () => Task.FromResult(call.Bridge is not null && leg.Bridge is not null), Cancel);
        return new ConnectedCalls(placed, answer, invite, call, leg);
    }

    /// <summary>Checks that no call, port or place is left, and that nothing is counted as live.</summary>
    private protected async Task ShouldBeOverAsync()
    {
        await Poll.UntilAsync("no call", () => Task.FromResult(Voice.Registry.Live().Count == 0), Cancel);
        await Voice.UntilNoMediaAsync();
        Assert.Equal(0, Voice.Traffic.LiveOf("9900000"));
        Assert.Equal(0, Voice.Meters["sipstead.voice.calls.active"]);
    }

    private protected void NoWebhook(string eventType) => Assert.DoesNotContain(Voice.Catcher.Requests, request => request.EventType == eventType);
}

/// <summary>Two calls that are connected.</summary>
/// <param name="Answer">The 200 that Alice got.</param>
/// <param name="Invite">The INVITE that Bob got.</param>
/// <param name="Call">Alice's.</param>
/// <param name="Leg">Bob's.</param>
internal sealed record ConnectedCalls(PlacedCall Placed, MessageText Answer, MessageText Invite, Call Call, Call Leg);
