using Sipstead.Testing;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Calls as a person looks at them.</summary>
public sealed class CallDirectoryTests : VoiceTest
{
    private const string Number = "+12025550111";

    private CallDirectory Directory => Voice.Directory;

    [Fact]
    public async Task List_NewestFirst_InPages()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await EndAsync(Number));
        ids.Reverse();

        var first = List(new CallFilter(), 2);
        var second = List(new CallFilter(), 2, first.Next);
        var last = List(new CallFilter(), 2, second.Next);

        Assert.Equal(ids, first.Calls.Concat(second.Calls).Concat(last.Calls).Select(call => call.CallId));
        Assert.Null(last.Next);
        Assert.Null(List(new CallFilter(), 5).Next); // a full last page
    }

    [Fact]
    public async Task List_NewCallsWhilePaging_ShiftNothing()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Add(await EndAsync(Number));
        var first = List(new CallFilter(), 1);
        await EndAsync(Number);

        Assert.Equal(ids[1], Assert.Single(List(new CallFilter(), 1, first.Next).Calls).CallId);
    }

    [Fact]
    public async Task List_Filters()
    {
        var rejected = await EndAsync(Number);
        var failed = await EndAsync($"sip:nobody@{Voice.Realm}");
        var alice = Voice.AddPhone();
        var live = Voice.Create();
        await alice.ExpectAsync("INVITE");

        Assert.Equal([live.Id], Ids(new CallFilter { IsLive = true }));
        Assert.Equal([failed, rejected], Ids(new CallFilter { IsLive = false }));
        Assert.Equal([live.Id], Ids(new CallFilter { Address = "ALICE" }));
        Assert.Equal([rejected], Ids(new CallFilter { Address = "0111" }));
        Assert.Equal([live.Id, failed, rejected], Ids(new CallFilter { Address = "5550100" })); // of the caller
        Assert.Equal([failed], Ids(new CallFilter { Cause = "error" }));
        Assert.Empty(Ids(new CallFilter { Cause = "error", IsLive = true }));
        Assert.Equal(3, Ids(new CallFilter { Address = "" }).Count);
    }

    [Fact]
    public async Task AnotherAccount_KnowsNothing()
    {
        var alice = Voice.AddPhone();
        var (call, _) = await Voice.EstablishAsync(alice, Waiting);

        Assert.Empty(Directory.List(VoiceHarness.OtherAccount, new CallFilter()).Calls);
        Assert.Null(Directory.Find(VoiceHarness.OtherAccount, call.Id));
        Assert.False(await Directory.HangUpAsync(VoiceHarness.OtherAccount, call.Id));
        Assert.Equal(0, Directory.CountLive(VoiceHarness.OtherAccount));
        Assert.Equal(0, Directory.Statistics(VoiceHarness.OtherAccount, TimeSpan.FromHours(1)).Today);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task HangUp_EndsALiveCall()
    {
        var alice = Voice.AddPhone();
        var (call, _) = await Voice.EstablishAsync(alice, Waiting);
        Assert.Equal(1, Directory.CountLive(VoiceHarness.Account));

        Assert.True(await Directory.HangUpAsync(VoiceHarness.Account, call.Id));

        await alice.ExpectAsync("BYE");
        Assert.Equal("hangup", call.State.DisconnectCause);
        Assert.Equal(0, Directory.CountLive(VoiceHarness.Account));
        Assert.False(await Directory.HangUpAsync(VoiceHarness.Account, call.Id));
        Assert.False(await Directory.HangUpAsync(VoiceHarness.Account, "c-1"));
    }

    [Fact]
    public async Task Find_LiveCall_HasAllThatHappened()
    {
        var alice = Voice.AddPhone();
        var (call, invite) = await Voice.EstablishAsync(alice, Waiting);
        await VerbAsync(call, VerbEnd.None);

        var details = Find(call);

        Assert.Equal(call.State, details.State);
        var leg = Assert.Single(details.Legs);
        Assert.Equal((invite.One("Call-ID"), invite.Uri, alice.Address, 200), (leg.SipCallId, leg.Uri, leg.Peer, leg.Status));
        var run = Assert.Single(details.Documents);
        Assert.Equal((BxmlOrigin.Webhook, "answer", $"{Voice.Catcher.Url("/answer")}"), (run.Source.Origin, run.Source.EventType, run.Source.Url));
        Assert.Equal((Waiting, "Pause", VerbEnd.None), (run.Text, run.Verbs[0].Name, run.Verbs[0].End));
        Assert.Equal("answer", Assert.Single(details.Exchanges).EventType);
        Assert.Equal("PCMU", details.Media?.Codec);
        Assert.Null(details.LossPercent);
    }

    [Fact]
    public async Task Find_EndedCall_KeepsWhatWasKnown()
    {
        var alice = Voice.AddPhone();
        var (call, invite) = await Voice.EstablishAsync(alice, Waiting);
        await VerbAsync(call, VerbEnd.None);

        alice.SendInDialog(invite, "BYE");

        await Voice.ExpectAsync("disconnect");
        await VerbAsync(call, VerbEnd.Interrupted);
        var details = await Poll.ForAsync("the exchange of the end", () => Task.FromResult(Find(call) is { Exchanges.Count: 2 } found ? found : null), Cancel);
        Assert.Equal((CallPhase.Disconnected, "PCMU", 200), (details.State.Phase, details.Media?.Codec, details.Legs[0].Status));
        Assert.Equal(["answer", "disconnect"], details.Exchanges.Select(exchange => exchange.EventType));
    }

    [Fact]
    public async Task Find_InvalidDocument_ShowsWhereItIsWrong()
    {
        var alice = Voice.AddPhone();
        var (call, _) = await Voice.EstablishAsync(alice, "<Response>\n<Pause duration=\"x\"/></Response>");
        await VoiceHarness.EndOfAsync(call);

        var run = Assert.Single(Find(call).Documents);
        Assert.Equal((2, 8, "Pause", "duration"), (run.Error!.Line, run.Error.Column, run.Error.Verb, run.Error.Attribute));
        Assert.Equal(call.State.ErrorMessage, run.Error.Message);
    }

    [Fact]
    public async Task Find_DevicesOfAFork_AreItsLegs()
    {
        var alice = Voice.AddPhone();
        var other = Voice.NewPhone("alice");
        other.Register();
        var call = Voice.Create();
        other.Ring(await other.ExpectAsync("INVITE"));
        var invite = await alice.ExpectAsync("INVITE");
        await Poll.UntilAsync("ringing", () => Task.FromResult(Statuses().Contains(180)), Cancel);
        Voice.Catcher.AnswerBxml("/answer", Waiting);

        await alice.AcceptAsync(invite);

        await Poll.UntilAsync("the end of the other leg", () => Task.FromResult(Statuses().Contains(487)), Cancel);
        Assert.Equal([(alice.Address, 200), (other.Address, 487)], Find(call).Legs.Select(leg => (leg.Peer, leg.Status!.Value)).OrderBy(leg => leg.Item2));

        List<int?> Statuses() => [.. Find(call).Legs.Select(leg => leg.Status)];
    }

    [Fact]
    public async Task Find_InboundCall_HasTheCallerAsItsLeg()
    {
        var alice = Voice.AddPhone();
        Voice.Catcher.AnswerBxml("/initiate", "<Response><Ring answerCall=\"false\" duration=\"60\"/></Response>");
        var placed = alice.Call($"sip:+12025550199@{Voice.Realm}");
        var call = await Voice.InboundAsync();
        await placed.ExpectAsync(180);
        placed.Cancel();
        await placed.ExpectAsync(487);
        await VoiceHarness.EndOfAsync(call);

        var leg = Assert.Single(Find(call).Legs);
        Assert.Equal((placed.Invite.One("Call-ID"), $"sip:alice@{Voice.Realm}", alice.Address, 487), (leg.SipCallId, leg.Uri, leg.Peer, leg.Status));
    }

    [Fact]
    public async Task Changed_TellsEachState_WhateverOneHandlerDoes()
    {
        var seen = new List<CallPhase>();
        Directory.Changed += _ => throw new InvalidOperationException("a page that is gone");
        Directory.Changed += call =>
        {
            lock (seen) seen.Add(call.Phase);
        };
        var alice = Voice.AddPhone();
        var (call, invite) = await Voice.EstablishAsync(alice, Waiting);

        alice.SendInDialog(invite, "BYE");

        await VoiceHarness.EndOfAsync(call);
        await VoiceHarness.SettleAsync(call);
        lock (seen) Assert.Equal([CallPhase.Queued, CallPhase.Initiated, CallPhase.Answered, CallPhase.Disconnected], seen);
    }

    [Fact]
    public async Task Changed_TellsOfInboundCalls()
    {
        var seen = new List<(string From, CallPhase Phase)>();
        Directory.Changed += call =>
        {
            lock (seen) seen.Add((call.From, call.Phase));
        };
        var alice = Voice.AddPhone();
        Voice.Catcher.AnswerBxml("/initiate", "<Response><Hangup/></Response>");
        await alice.Call($"sip:+12025550199@{Voice.Realm}").ExpectAsync(603);

        await Voice.ExpectAsync("disconnect");

        var caller = $"sip:alice@{Voice.Realm}";
        await Poll.UntilAsync("the end", () => Task.FromResult(Directory.CountLive(VoiceHarness.Account) == 0), Cancel);
        await Poll.UntilAsync("two changes", () =>
        {
            lock (seen) return Task.FromResult(seen.Count == 2);
        }, Cancel);
        lock (seen) Assert.Equal([(caller, CallPhase.Initiated), (caller, CallPhase.Disconnected)], seen);
    }

    [Fact]
    public async Task Changed_OfTheEnd_FindsTheCallEnded()
    {
        var counts = new List<int>();
        Directory.Changed += call =>
        {
            if (call.Phase != CallPhase.Disconnected) return;
            lock (counts) counts.Add(Directory.CountLive(VoiceHarness.Account));
        };

        var call = Voice.Create(Voice.Wish(Number));

        await VoiceHarness.EndOfAsync(call);
        await VoiceHarness.SettleAsync(call);
        lock (counts) Assert.Equal([0], counts);
    }

    [Fact]
    public async Task Statistics_CountsCallsOfTodayAndFailuresOfTheWindow()
    {
        await EndAsync(Number);
        Voice.Time.Advance(TimeSpan.FromHours(2));
        await EndAsync(Number);
        await EndAsync($"sip:nobody@{Voice.Realm}");
        var alice = Voice.AddPhone();
        var (call, _) = await Voice.EstablishAsync(alice, "<Response/>");
        await VoiceHarness.EndOfAsync(call);
        var live = Voice.Create();
        await alice.ExpectAsync("INVITE");

        var statistics = Directory.Statistics(VoiceHarness.Account, TimeSpan.FromHours(1));

        Assert.Equal((1, 5), (statistics.Live, statistics.Today));
        Assert.Equal(new Dictionary<string, int> { ["error"] = 1, ["rejected"] = 1 }, statistics.Failures);
        Assert.Equal(CallPhase.Initiated, live.State.Phase);
    }

    [Fact]
    public async Task Statistics_AfterMidnight_CountAnew()
    {
        await EndAsync(Number);
        Voice.Time.Advance(TimeSpan.FromHours(21)); // from 03:04:05 to 00:04:05

        Assert.Equal(0, Directory.Statistics(VoiceHarness.Account, TimeSpan.FromHours(1)).Today);
        Assert.Empty(Directory.Statistics(VoiceHarness.Account, TimeSpan.FromHours(1)).Failures);
        Assert.Equal(1, Directory.Statistics(VoiceHarness.Account, TimeSpan.FromHours(24)).Failures["rejected"]);
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(100, 0, 0.0)]
    [InlineData(75, 25, 25.0)]
    public void LossPercent_IsTheShareOfWhatWasExpected(long received, long lost, double? percent)
    {
        var details = new CallDetails
        {
            State = Voice.Create(Voice.Wish(Number)).State, Legs = [], Documents = [], Exchanges = [], Trace = [],
            Media = new() { PacketsReceived = received, PacketsLost = lost },
        };
        Assert.Equal(percent, details.LossPercent);
        Assert.Null((details with { Media = null }).LossPercent);
    }

    private CallDetails Find(Call call) => Directory.Find(VoiceHarness.Account, call.Id)!;

    private CallPage List(CallFilter filter, int pageSize, long? before = null) => Directory.List(VoiceHarness.Account, filter, pageSize, before);

    private List<string> Ids(CallFilter filter) => [.. List(filter, 50).Calls.Select(call => call.CallId)];

    private Task VerbAsync(Call call, VerbEnd end) =>
        Poll.UntilAsync($"a verb: {end}", () => Task.FromResult(Find(call).Documents is [{ Verbs: [var verb] }] && verb.End == end), Cancel);

    private async Task<string> EndAsync(string to)
    {
        var wish = Voice.Wish(to);
        var call = Voice.Create(wish with { Callbacks = wish.Callbacks with { Disconnect = null } });
        await Poll.UntilAsync("the end", () => Task.FromResult(!Voice.Registry.Live().Contains(call)), Cancel);
        return call.Id;
    }
}
