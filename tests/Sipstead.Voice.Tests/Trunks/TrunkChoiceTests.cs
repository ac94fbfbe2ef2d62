using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Provisioning.View;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;
using Sipstead.Voice.Trunks;

namespace Sipstead.Voice.Tests.Trunks;

/// <summary>Ruling 27: which trunks take a call, and in which order.</summary>
public sealed class TrunkChoiceTests
{
    private const string Number = "+12025550123";

    private readonly ProvisioningView _view = new(NullLogger<ProvisioningView>.Instance);

    [Fact]
    public void Trunks_AreTriedByPriority_AndThoseThatAreDownLast()
    {
        Add(1, priority: 30);
        Add(2, priority: 10);
        Add(3, priority: 20);
        Assert.Equal([2, 3, 1], Order());
        Assert.Equal([3, 1, 2], Order(2));
        Assert.Equal([1, 2, 3], Order(2, 3));
        Assert.Equal([2, 3, 1], Order(1, 2, 3)); // none is left out
    }

    [Fact]
    public void EqualPriorities_ShareTheCalls()
    {
        Add(1);
        Add(2);
        Add(3, priority: 200);
        var random = new Random(1);
        var orders = Enumerable.Range(0, 400).Select(_ => string.Join(' ', Order(random))).CountBy(order => order).ToDictionary();
        Assert.Equal(["1 2 3", "2 1 3"], orders.Keys.Order());
        Assert.All(orders.Values, count => Assert.InRange(count, 150, 250));
    }

    [Fact]
    public void TrunkThatDoesNotTakeTheNumber_OrIsDisabled_OrAnothers_IsNotTried()
    {
        Add(1, outbound: ["+49*"]);
        Add(2, isEnabled: false);
        Add(3, account: VoiceHarness.OtherAccount);
        Assert.Null(Choice().To(VoiceHarness.Account, Number, VoiceHarness.From));
        Add(4);
        Assert.Equal([4], Order());
    }

    [Fact]
    public void Caller_IsANumberOfTheAccount_OrOneThatTheTrunkNames()
    {
        Add(1, callerIds: []);
        Add(2, callerIds: ["+1202555????"]);
        Assert.Equal([2], Order());
        _view.SetNumbers(VoiceHarness.Account, 5, [VoiceHarness.From]);
        Assert.Equal([1, 2], Order(new Random(1)).Order());
    }

    [Fact]
    public void CallerThatNoTrunkAllows_IsRejected_AndSaidSo()
    {
        Add(1, callerIds: []);
        Add(2, callerIds: ["+4930*"]);
        _view.SetNumbers(VoiceHarness.OtherAccount, 5, [VoiceHarness.From]); // S-10
        var end = Assert.IsType<Destination.Unreachable>(Choice().To(VoiceHarness.Account, Number, VoiceHarness.From));
        Assert.Equal(
            (CallCause.Rejected, "+12025550100 is no number of the account and no caller id that is allowed on carrier 1, carrier 2"), (end.Cause, end.Message));
    }

    private void Add(
        long id, int priority = 100, string[]? outbound = null, string[]? callerIds = null, bool isEnabled = true, long account = VoiceHarness.Account) =>
        _view.SetTrunk(TrunkTest.Entry(id, account, "carrier.example", null, priority: priority, outbound: outbound, callerIds: callerIds, isEnabled: isEnabled));

    private TrunkChoice Choice(Random? random = null, params long[] down) => new(_view, new TrunkTest.Health(down), random);

    private IEnumerable<long> Order(params long[] down) => Order(null, down);

    private IEnumerable<long> Order(Random? random, params long[] down) =>
        Assert.IsType<Destination.Trunk>(Choice(random, down).To(VoiceHarness.Account, Number, VoiceHarness.From)).Trunks.Select(trunk => trunk.Id);
}
