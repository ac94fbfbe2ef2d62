using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>The profile <c>bandwidth</c>: 5 calls a second, 100 at a time, a queue by priority (voice-api.md 3, ruling 28).</summary>
public sealed class CallLimitTests : VoiceTest
{
    private ScriptedPhone _alice = null!;

    private protected override VoiceOptions Options => new() { Profile = VoiceProfile.Bandwidth, MaxCalls = 1_510 };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _alice = Voice.AddPhone();
        Voice.Catcher.AnswerBxml("/answer", Waiting);
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
    }

    [Fact]
    public async Task Queue_FiveStartEachSecond()
    {
        var calls = Enumerable.Range(0, 12).Select(_ => Voice.Create()).ToList();
        Assert.Equal(7, Voice.Traffic.QueueSizeOf("9900000"));
        Assert.Equal(12, Voice.Directory.CountLive(VoiceHarness.Account));
        Assert.Equal(1500, Voice.Traffic.QueueCapacity);
        foreach (var call in calls[..5]) await VoiceHarness.UntilAsync(call, CallPhase.Initiated);
        Assert.All(calls[5..], call => Assert.Equal((CallPhase.Queued, null), (call.State.Phase, call.State.StartTime)));

        Voice.Advance(0.9);
        Assert.Equal(7, Voice.Traffic.QueueSizeOf("9900000"));
        Voice.Advance(0.1);
        Assert.Equal(2, Voice.Traffic.QueueSizeOf("9900000"));
        Voice.Advance(1);
        Assert.Equal(0, Voice.Traffic.QueueSizeOf("9900000"));

        foreach (var call in calls) await VoiceHarness.UntilAsync(call, CallPhase.Initiated);
        Assert.Equal(TimeSpan.FromSeconds(2), calls[^1].State.StartTime - calls[^1].State.EnqueuedTime);
    }

    [Fact]
    public async Task Queue_IsInOrderOfPriorityThenOfArrival()
    {
        foreach (var _ in Enumerable.Range(0, 5)) Voice.Create();
        List<int> priorities = [5, 3, 1, 3, 1, 5, 2];
        var calls = priorities.ConvertAll(priority => Voice.Create(Voice.Wish() with { Priority = priority }));

        Voice.Advance(1);
        foreach (var started in (int[])[2, 4, 6, 1, 3]) await VoiceHarness.UntilAsync(calls[started], CallPhase.Initiated);
        Assert.Equal([CallPhase.Queued, CallPhase.Queued], [calls[0].State.Phase, calls[5].State.Phase]);
    }

    [Fact]
    public async Task Complete_InTheQueue_EndsWithCancelAndWithoutStart()
    {
        foreach (var _ in Enumerable.Range(0, 5)) Voice.Create();
        var call = Voice.Create();
        Assert.False(await call.RedirectAsync(new Sipstead.Voice.Callbacks.CallRedirect(Voice.Target("/next"), null, null)));

        Assert.True(await call.CompleteAsync());

        Assert.Equal(0, Voice.Traffic.QueueSizeOf("9900000"));
        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal("cancel", disconnect["cause"]);
        Assert.Null(disconnect["startTime"]);
        Assert.NotNull(disconnect["enqueuedTime"]);
        Voice.Advance(3);
        await VoiceHarness.SettleAsync(call);
        Assert.Null(call.State.StartTime);
        await Sipstead.Testing.Poll.UntilAsync("five INVITEs", () => Task.FromResult(_alice.Kinds.Count(kind => kind == "INVITE") == 5), Cancel);
        Assert.Equal(5, Voice.Meters["sipstead.voice.calls.active"]);
    }

    [Fact]
    public async Task Queue_Full_TakesNoMoreUntilSomeAreCancelled()
    {
        var waiting = Enumerable.Range(0, 1505).Select(_ => Voice.Create()).ToList()[5..];
        Assert.Equal(CallAdmission.AccountRate, Voice.Engine.TryCreate(Voice.Wish(), out _));
        var test = Voice.Directory.TryCallDevice(new() { AccountId = VoiceHarness.Account, To = $"sip:alice@{Voice.Realm}", Bxml = "<Response/>" });
        Assert.Equal((null, "The account's queue of calls is full; try again in a minute."), (test.CallId, test.Refusal));

        Assert.True(await waiting[700].CompleteAsync());

        Assert.Equal(CallAdmission.Admitted, Voice.Engine.TryCreate(Voice.Wish(), out _));
        Assert.Equal(CallAdmission.AccountRate, Voice.Engine.TryCreate(Voice.Wish(), out _));
        Assert.Equal(1500, Voice.Traffic.QueueSizeOf("9900000"));
        Assert.Equal(3, Voice.Meters["sipstead.voice.calls.refused AccountRate"]);
    }

    [Fact]
    public void Server_HasAPlaceForEachCallQueuedOrNot()
    {
        foreach (var _ in Enumerable.Range(0, 1505)) Voice.Create();
        foreach (var _ in Enumerable.Range(0, 5)) Assert.Equal(CallAdmission.Admitted, Voice.Traffic.AdmitInbound("9900001"));
        Voice.Advance(1);
        Assert.Equal(CallAdmission.ServerCalls, Voice.Traffic.AdmitInbound("9900001"));
        Assert.Equal(CallAdmission.ServerCalls, Voice.Engine.TryCreate(Voice.Wish() with { AccountId = VoiceHarness.OtherAccount }, out _));

        Voice.Traffic.Withdrawn("9900001");

        Assert.Equal(CallAdmission.Admitted, Voice.Traffic.AdmitInbound("9900001"));
    }

    [Fact]
    public async Task Account_Has100CallsAtATimeAndOneMoreWhenOneEnds()
    {
        var calls = await FillAsync();
        Assert.Equal(CallAdmission.AccountCalls, Voice.Engine.TryCreate(Voice.Wish(), out _));
        Assert.Equal(CallAdmission.Admitted, Voice.Engine.TryCreate(Voice.Wish() with { AccountId = VoiceHarness.OtherAccount }, out _));
        Voice.Advance(1);
        var refused = await _alice.Call($"sip:+12025550111@{Voice.Realm}").ExpectAsync(503);
        Assert.True(refused.Has("Retry-After"));

        Assert.True(await calls[0].CompleteAsync());

        Assert.Equal(CallAdmission.Admitted, Voice.Engine.TryCreate(Voice.Wish(), out _));
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.EventType == "initiate");
    }

    [Fact]
    public async Task Queued_BeyondTheLimitOf100_StartWhenOthersEnd()
    {
        foreach (var _ in Enumerable.Range(0, 5)) Voice.Create();
        var calls = Enumerable.Range(0, 97).Select(_ => Voice.Create()).ToList();
        await Sipstead.Testing.Poll.UntilAsync("95 of them to start", () =>
        {
            Voice.Advance(1);
            return Task.FromResult(Voice.Traffic.QueueSizeOf("9900000") <= 2);
        }, Cancel);
        Voice.Advance(5);
        Assert.Equal(2, Voice.Traffic.QueueSizeOf("9900000"));

        Assert.True(await calls[0].CompleteAsync());
        Assert.Equal(1, Voice.Traffic.QueueSizeOf("9900000"));
        Assert.True(await calls[1].CompleteAsync());
        Assert.Equal(0, Voice.Traffic.QueueSizeOf("9900000"));
    }

    [Fact]
    public async Task Inbound_CountsTowardsTheRateAndIsRefusedBeyond()
    {
        foreach (var _ in Enumerable.Range(0, 3)) Voice.Create();
        foreach (var _ in Enumerable.Range(0, 2)) await _alice.Call($"sip:+12025550111@{Voice.Realm}").ExpectAsync(200);

        var refused = await _alice.Call($"sip:+12025550111@{Voice.Realm}").ExpectAsync(503);

        Assert.Equal("5", refused.One("Retry-After"));
        Voice.Advance(1);
        await _alice.Call($"sip:+12025550111@{Voice.Realm}").ExpectAsync(200);
    }

    private async Task<List<OutboundCall>> FillAsync()
    {
        var calls = new List<OutboundCall>();
        for (var i = 0; i < 20; i++)
        {
            calls.AddRange(Enumerable.Range(0, 5).Select(_ => Voice.Create()));
            Voice.Advance(1);
        }

        foreach (var call in calls) await VoiceHarness.UntilAsync(call, CallPhase.Initiated);
        return calls;
    }

    [Fact]
    public void List_CallsMadeAtOnce_AreInTheOrderOfTheirTimes()
    {
        Parallel.For(0, 200, _ =>
        {
            Voice.Advance(0.001);
            Voice.Create();
        });

        var (calls, _) = Voice.Registry.List("9900000", new CallQuery());
        Assert.Equal(200, calls.Count);
        Assert.Equal(calls.Select(call => call.EnqueuedTime).Order(), calls.Select(call => call.EnqueuedTime));
    }
}
