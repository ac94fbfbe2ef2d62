using Microsoft.Extensions.Time.Testing;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>What the API can still tell of calls (voice-api.md 1, 4.2).</summary>
public sealed class CallRegistryTests : VoiceTest
{
    private const string AccountId = "9900000";

    private protected override VoiceOptions Options => new() { MaxEndedCalls = 50 };

    [Fact]
    public async Task List_PagesInOrderOfCreation()
    {
        var ids = await EndCallsAsync(7);

        var (first, next) = Voice.Registry.List(AccountId, new CallQuery { PageSize = 3 });
        var (second, afterwards) = Voice.Registry.List(AccountId, new CallQuery { PageSize = 3, FirstNumber = next!.Value });
        var (last, end) = Voice.Registry.List(AccountId, new CallQuery { PageSize = 3, FirstNumber = afterwards!.Value });

        Assert.Equal(ids, first.Concat(second).Concat(last).Select(call => call.CallId));
        Assert.Null(end);
    }

    [Fact]
    public async Task List_FullLastPage_HasNoNext()
    {
        await EndCallsAsync(3);
        Assert.Null(Voice.Registry.List(AccountId, new CallQuery { PageSize = 3 }).Next);
    }

    [Fact]
    public async Task List_PageWhoseFirstCallIsForgotten_GoesOnBehindIt()
    {
        var ids = await EndCallsAsync(4);
        var next = Voice.Registry.List(AccountId, new CallQuery { PageSize = 2 }).Next!.Value;
        var later = await EndCallsAsync(48); // the first two are forgotten

        var (calls, _) = Voice.Registry.List(AccountId, new CallQuery { FirstNumber = next });

        Assert.Equal(ids[2..].Concat(later), calls.Select(call => call.CallId));
    }

    [Fact]
    public async Task List_Filters()
    {
        var start = Voice.Time.GetUtcNow();
        await EndCallsAsync(1, "+12025550111");
        Voice.Advance(10);
        await EndCallsAsync(1, $"sip:nobody@{Voice.Realm}");

        Assert.Single(List(new CallQuery { To = "+12025550111" }));
        Assert.Equal(2, List(new CallQuery { From = VoiceHarness.From }).Count);
        Assert.Empty(List(new CallQuery { From = "+12025550199" }));
        Assert.Single(List(new CallQuery { DisconnectCause = "rejected" }));
        Assert.Equal(2, List(new CallQuery { MinStartTime = start }).Count); // inclusive
        Assert.Single(List(new CallQuery { MinStartTime = start.AddSeconds(10) }));
        Assert.Single(List(new CallQuery { MaxStartTime = start })); // inclusive
        Assert.Empty(List(new CallQuery { MaxStartTime = start.AddMilliseconds(-1) }));
        Assert.Empty(Voice.Registry.List("9900001", new CallQuery()).Calls);

        IReadOnlyList<CallState> List(CallQuery query) => Voice.Registry.List(AccountId, query).Calls;
    }

    [Fact]
    public async Task Find_OnlyInItsAccount()
    {
        var id = (await EndCallsAsync(1))[0];
        Assert.True(Voice.Registry.TryFind(AccountId, id, out _));
        Assert.False(Voice.Registry.TryFind("9900001", id, out _));
        Assert.False(Voice.Registry.TryFind(AccountId, "c-1", out _));
    }

    [Fact]
    public async Task Ended_IsKeptForSevenDays()
    {
        var time = new FakeTimeProvider(Voice.Time.GetUtcNow()); // of its own: seven days of the engine's timers take long
        var forgotten = new List<string>();
        var registry = new CallRegistry(Options, time, forgotten.Add);
        var call = Voice.Create(Voice.Wish("+12025550111"));
        registry.Add(call);
        await VoiceHarness.EndOfAsync(call);
        registry.Ended(call);

        time.Advance(TimeSpan.FromDays(7));
        Assert.True(registry.TryFind(AccountId, call.Id, out var found));
        Assert.Null(found.Live);
        Assert.Empty(forgotten);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(registry.TryFind(AccountId, call.Id, out _));
        Assert.Empty(registry.List(AccountId, new CallQuery()).Calls);
        Assert.Equal(0, registry.Count);
        Assert.Equal([call.Id], forgotten);
    }

    [Fact]
    public async Task Ended_BeyondTheCap_TheOldestGo()
    {
        var ids = await EndCallsAsync(120);

        Assert.Equal(50, Voice.Registry.Count);
        Assert.Equal(ids[70..], Voice.Registry.List(AccountId, new CallQuery()).Calls.Select(call => call.CallId));
    }

    [Fact]
    public async Task Live_IsNeverForgotten()
    {
        var alice = Voice.AddPhone();
        var call = Voice.Create();
        await alice.ExpectAsync("INVITE");

        await EndCallsAsync(60);

        Assert.True(Voice.Registry.TryFind(AccountId, call.Id, out var found));
        Assert.Same(call, found.Live);
        Assert.Equal(call.Id, Voice.Registry.List(AccountId, new CallQuery()).Calls[0].CallId);
    }

    private async Task<List<string>> EndCallsAsync(int count, string to = "+12025550111")
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var wish = Voice.Wish(to);
            var call = Voice.Create(wish with { Callbacks = wish.Callbacks with { Disconnect = null } });
            await VoiceHarness.EndOfAsync(call);
            await VoiceHarness.SettleAsync(call); // the registry hears of an end after it has come
            ids.Add(call.Id);
        }

        return ids;
    }
}
