using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Recordings;

namespace Sipstead.Provisioning.Tests.Recordings;

/// <summary>What the database keeps of recordings.</summary>
public sealed class RecordingCatalogTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Begin = new(2026, 5, 6, 7, 8, 9, 123, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private Harness _harness = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IRecordingCatalog Catalog => _harness.Services.GetRequiredService<IRecordingCatalog>();

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder);
        Assert.True((await _harness.Accounts.CreateAccountAsync(Other, Cancel)).IsSuccess);
    }

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        _folder.Dispose();
    }

    private const long Other = 9_900_001;

    [Fact]
    public async Task Recording_IsKeptWhole_AlsoOverARestart()
    {
        var recording = Whole("r-1") with
        {
            ParentCallId = "c-0", TransferCallerId = "+1", TransferTo = "sip:b@c", TranscriptionId = "t-1", TranscriptionStatus = TranscriptionStatus.Available,
            TranscriptionTime = Begin.AddMinutes(1),
        };
        await Catalog.AddAsync(recording, Cancel);
        Assert.Equal(recording, await Catalog.FindAsync(ApiHost.Account, "r-1", Cancel));
        await _harness.DisposeAsync();
        _harness = await Harness.OpenAsync(_folder);
        Assert.Equal(recording, await Catalog.FindAsync(ApiHost.Account, "r-1", Cancel));
    }

    [Fact]
    public async Task OtherAccount_KnowsNothingOfIt()
    {
        await Catalog.AddAsync(Whole("r-1"), Cancel);
        Assert.Null(await Catalog.FindAsync(Other, "r-1", Cancel));
        Assert.Empty(await Catalog.ListAsync(Other, new RecordingQuery(), Cancel));
        Assert.Null(await Catalog.DeleteAsync(Other, "r-1", Cancel));
        Assert.False(await Catalog.UpdateAsync(Other, "r-1", now => now with { Octets = 0 }, Cancel));
        Assert.NotNull(await Catalog.FindAsync(ApiHost.Account, "r-1", Cancel));
    }

    [Fact]
    public async Task Change_IsKept_AndDeletionForgets()
    {
        await Catalog.AddAsync(Whole("r-1") with { Status = RecordingStatus.Processing }, Cancel);
        Assert.Equal("r-1", Assert.Single(await Catalog.UnfinishedAsync(Cancel)).RecordingId);
        Assert.True(await Catalog.UpdateAsync(ApiHost.Account, "r-1", now => now with { Status = RecordingStatus.Partial, Octets = 7 }, Cancel));
        Assert.Empty(await Catalog.UnfinishedAsync(Cancel));
        var deleted = await Catalog.DeleteAsync(ApiHost.Account, "r-1", Cancel);
        Assert.Equal((RecordingStatus.Partial, 7), (deleted!.Status, deleted.Octets));
        Assert.Null(await Catalog.DeleteAsync(ApiHost.Account, "r-1", Cancel));
        Assert.False(await Catalog.UpdateAsync(ApiHost.Account, "r-1", now => now, Cancel));
    }

    [Fact]
    public async Task List_IsFilteredAndPaged_TheNewestFirst()
    {
        for (var i = 0; i < 5; i++) await Catalog.AddAsync(Whole($"r-{i}") with { StartTime = Begin.AddSeconds(i / 2), OwnerId = i < 3 ? "c-1" : "c-2" }, Cancel);
        Assert.Equal(["r-4", "r-3", "r-2", "r-1", "r-0"], await IdsAsync(new RecordingQuery()));
        Assert.Equal(["r-2", "r-1", "r-0"], await IdsAsync(new RecordingQuery { OwnerId = "c-1", Kind = RecordingKind.Call }));
        Assert.Empty(await IdsAsync(new RecordingQuery { Kind = RecordingKind.Conference }));
        Assert.Equal(["r-4", "r-3", "r-2"], await IdsAsync(new RecordingQuery { MinStartTime = Begin.AddSeconds(1) }));
        Assert.Equal(["r-1", "r-0"], await IdsAsync(new RecordingQuery { MaxStartTime = Begin.AddSeconds(1) }));
        Assert.Equal(["r-3", "r-2", "r-1", "r-0"], await IdsAsync(new RecordingQuery { MaxStartTime = Begin.AddSeconds(1).AddTicks(1) }));
        Assert.Equal(5, (await IdsAsync(new RecordingQuery { To = "+12025550101", From = "sip:alice@a" })).Length);
        Assert.Empty(await IdsAsync(new RecordingQuery { To = "' OR ''='" }));
        var first = await Catalog.ListAsync(ApiHost.Account, new RecordingQuery { Size = 2 }, Cancel);
        Assert.Equal(["r-4", "r-3"], first.Select(one => one.RecordingId));
        Assert.Equal(["r-2", "r-1", "r-0"], await IdsAsync(new RecordingQuery { After = first[^1] }));
        Assert.Equal(["r-0", "r-1"], (await Catalog.OlderAsync(Begin.AddSeconds(1), 10, Cancel)).Select(one => one.RecordingId).Order());
        Assert.Single(await Catalog.OlderAsync(Begin.AddSeconds(1), 1, Cancel));
    }

    [Fact]
    public async Task Usage_IsTheSumOfEachAccount()
    {
        Assert.Empty(await Catalog.UsageAsync(Cancel));
        await Catalog.AddAsync(Whole("r-1"), Cancel);
        await Catalog.AddAsync(Whole("r-2"), Cancel);
        await Catalog.AddAsync(Whole("r-3") with { AccountId = Other, Octets = 5_000_000_000 }, Cancel);
        await Catalog.AddAsync(Whole("r-4") with { AccountId = Other, Octets = 0 }, Cancel);
        Assert.Equal(
            [KeyValuePair.Create(ApiHost.Account, new RecordingSum(2, 200)), KeyValuePair.Create(Other, new RecordingSum(2, 5_000_000_000))],
            (await Catalog.UsageAsync(Cancel)).OrderBy(one => one.Key));
    }

    [Fact]
    public async Task LongParties_AreCut()
    {
        await Catalog.AddAsync(Whole("r-1") with { To = new string('x', 5_000) }, Cancel);
        Assert.Equal(RecordingDetails.MaximumPartyLength, (await Catalog.FindAsync(ApiHost.Account, "r-1", Cancel))!.To.Length);
    }

    private static RecordingDetails Whole(string id) => new()
    {
        RecordingId = id, AccountId = ApiHost.Account, Kind = RecordingKind.Call, OwnerId = "c-1", ApplicationId = "a-1", To = "+12025550101", From = "sip:alice@a",
        IsInbound = true, StartTime = Begin, EndTime = Begin.AddSeconds(2), Duration = TimeSpan.FromMilliseconds(1_980), Channels = 2, Format = RecordingFormat.Mp3,
        Status = RecordingStatus.Complete, Octets = 100,
    };

    private async Task<string[]> IdsAsync(RecordingQuery query) =>
        [.. (await Catalog.ListAsync(ApiHost.Account, query, Cancel)).Select(one => one.RecordingId)];
}
