using CsCheck;
using Sipstead.Registrar.Location;
using Xunit;

namespace Sipstead.Registrar.Tests.Location;

/// <summary>The packed records of a shard against a dictionary: after any growth, shrinking and removal, each is found with what is its own.</summary>
public sealed class LocationShardTests
{
    private const int Ids = 400;

    private abstract record Step(long Id);

    private sealed record Set(long Id, int Length) : Step(Id);

    private sealed record AddNonce(long Id) : Step(Id);

    private sealed record ClearNonces(long Id) : Step(Id);

    private sealed record Remove(long Id) : Step(Id);

    private sealed record PlanLook(long Id, int Seconds) : Step(Id);

    private sealed record Wait(int Seconds) : Step(0);

    private static readonly Gen<long> Id = Gen.Long[1, Ids];

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (8, Gen.Select(Id, Gen.Frequency((20, Gen.Int[0, 900]), (1, Gen.Int[8_000, 90_000]))).Select(t => (Step)new Set(t.Item1, t.Item2))),
        (2, Id.Select(id => (Step)new AddNonce(id))),
        (1, Id.Select(id => (Step)new ClearNonces(id))),
        (4, Id.Select(id => (Step)new Remove(id))),
        (4, Gen.Select(Id, Gen.Int[0, 2000]).Select(t => (Step)new PlanLook(t.Item1, t.Item2))),
        (1, Gen.Int[1, 700].Select(seconds => (Step)new Wait(seconds))));

    [Fact]
    public void AnySequence_KeepsEachRecord() => Steps.Array[1, 1500].Sample(Run, iter: 200, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void Space_ThatRecordsLeave_IsUsedAgain()
    {
        var shard = new LocationShard(new ArenaBlocks(), nowMs: 0);
        for (var id = 1; id <= 4000; id++) Fill(shard, id, 200);
        var once = shard.Capacity;
        for (var round = 1; round <= 50; round++)
        {
            for (var id = 1; id <= 4000; id++)
            {
                shard.MoveTogether();
                Fill(shard, id, 200 + (round * 37 % 100));
            }
        }

        Assert.InRange(shard.Capacity, once, once * 5 / 2); // half as long again, and a third of it unused
    }

    private static void Fill(LocationShard shard, long id, int length)
    {
        var reference = shard.Find(id);
        if (reference == 0) reference = shard.Add(id, 1, 1);
        shard.SetBindings(reference, Content(id, length));
    }

    private static byte[] Content(long id, int length)
    {
        var octets = new byte[length];
        new Random((int)id).NextBytes(octets);
        return octets;
    }

    private static void Run(Step[] steps)
    {
        var shard = new LocationShard(new ArenaBlocks(), nowMs: 0);
        var model = new Dictionary<long, Entry>();
        var now = 1_000_000L;
        foreach (var step in steps)
        {
            shard.MoveTogether();
            if (step is Wait wait) now += wait.Seconds * 1000L;
            else Apply(step, shard, model, now);
            if (step is Wait) Look(shard, model, now);
        }

        Assert.Equal(model.Count, shard.Count);
        foreach (var (id, entry) in model)
        {
            var record = shard[shard.Find(id)];
            Assert.Equal(id, record.CredentialId);
            Assert.Equal(Content(id, entry.Length), record.Bindings.ToArray());
            Assert.Equal(entry.Nonces, record.Nonces.ToArray().Select(slot => slot.Sequence));
            Assert.Equal(entry.LookAt, record.Header.LookAt);
        }

        var walked = new List<long>();
        foreach (var reference in shard) walked.Add(shard[reference].CredentialId);
        Assert.Equal(model.Keys.Order(), walked.Order());
    }

    private static void Apply(Step step, LocationShard shard, Dictionary<long, Entry> model, long now)
    {
        var reference = shard.Find(step.Id);
        Assert.Equal(model.ContainsKey(step.Id), reference != 0);
        if (step is Remove)
        {
            if (reference != 0) shard.Remove(reference);
            model.Remove(step.Id);
            return;
        }

        if (reference == 0)
        {
            reference = shard.Add(step.Id, 1, 1);
            model[step.Id] = new Entry();
        }

        var entry = model[step.Id];
        switch (step)
        {
            case Set set:
                shard.SetBindings(reference, Content(step.Id, set.Length));
                entry.Length = set.Length;
                break;
            case AddNonce when entry.Nonces.Count < 20:
                reference = shard.AddNonce(reference);
                entry.Nonces.Add(entry.Nonces.Count + 7);
                shard[reference].Nonces[^1] = new NonceSlot(entry.Nonces[^1], 1, 1, 1, default);
                break;
            case ClearNonces:
                shard.ClearNonces(reference);
                entry.Nonces.Clear();
                break;
            case PlanLook plan:
                shard.Plan(reference, now + (plan.Seconds * 1000L));
                entry.LookAt = Math.Min(entry.LookAt, now + (plan.Seconds * 1000L));
                break;
        }
    }

    private static void Look(LocationShard shard, Dictionary<long, Entry> model, long now)
    {
        var due = new List<long>();
        foreach (var reference in shard.TakeDue(now)) due.Add(shard[reference].CredentialId);
        Assert.Equal(model.Where(entry => entry.Value.LookAt <= now).Select(entry => entry.Key).Order(), due.Order());
        foreach (var id in due) model[id].LookAt = long.MaxValue;
    }

    private sealed class Entry
    {
        public int Length { get; set; }

        public List<long> Nonces { get; } = [];

        public long LookAt { get; set; } = long.MaxValue;
    }
}
