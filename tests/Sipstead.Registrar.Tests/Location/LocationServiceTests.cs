using Sipstead.Registrar.Location;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.Location;

public sealed class LocationServiceTests : IDisposable
{
    private readonly RegistrarHarness _harness = new();
    private readonly string _realm;

    public LocationServiceTests() => _realm = _harness.AddRealm();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void FindInRealm_PagesByNumber_LowestFirst_AcrossShards()
    {
        var other = _harness.AddRealm("branch");
        var ids = Enumerable.Range(0, 40).Select(i => _harness.AddCredential(_realm, $"u{i}", "p")).ToList();
        _harness.AddCredential(other, "x", "p");
        for (var i = 0; i < 40; i++) new ScriptedDevice(_harness, _realm, $"u{i}", "p").Register($"<sip:u{i}@192.0.2.1>");
        new ScriptedDevice(_harness, other, "x", "p").Register("<sip:x@192.0.2.1>");
        Assert.True(_harness.View.Realms.TryFind(System.Text.Encoding.ASCII.GetBytes(_realm), out var realm));

        var seen = new List<long>();
        for (long first = 1; ;)
        {
            var page = _harness.Locations.FindInRealm(realm.Id, first, 7, _ => true);
            Assert.Equal(page.Select(b => b.Id).Order(), page.Select(b => b.Id));
            seen.AddRange(page.Select(b => b.CredentialId));
            if (page.Count < 7) break;
            first = page[^1].Id + 1;
        }

        Assert.Equal(ids, seen);
    }

    [Fact]
    public void Sweep_FreesTheRecord_OnlyWhenBindingsAndNoncesHaveEnded()
    {
        _harness.AddCredential(_realm, "alice", "p");
        var device = new ScriptedDevice(_harness, _realm, "alice", "p");
        device.Register("<sip:alice@192.0.2.1>", 60);
        _harness.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(1, _harness.Locations.Sweep());
        Assert.Equal(1, _harness.Locations.Count); // its nonce still guards against replay
        _harness.Time.Advance(TimeSpan.FromSeconds(_harness.Options.NonceLifetime));
        _harness.Locations.Sweep();
        Assert.Equal(0, _harness.Locations.Count);
    }

    [Fact]
    public void Sweep_AfterAnEarlierExpiryThanPlanned_IsInTime()
    {
        var alice = _harness.AddCredential(_realm, "alice", "p");
        var device = new ScriptedDevice(_harness, _realm, "alice", "p");
        device.Register("<sip:alice@192.0.2.1>", 3000);
        device.Register("<sip:alice@192.0.2.1>", 60);
        _harness.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, _harness.Locations.Sweep());
        Assert.Empty(_harness.Bindings(alice));
    }

    [Fact]
    public void Remove_EndsOneBinding_AndOnlyThat()
    {
        var alice = _harness.AddCredential(_realm, "alice", "p");
        new ScriptedDevice(_harness, _realm, "alice", "p").Register("<sip:a@192.0.2.1>");
        new ScriptedDevice(_harness, _realm, "alice", "p").Register("<sip:b@192.0.2.1>");
        var batch = new LocationBatch(_harness.Journal);
        var first = _harness.Bindings(alice)[0];
        Assert.True(_harness.Locations.Remove(alice, first.Id, batch));
        Assert.True(batch.Commit());
        Assert.False(_harness.Locations.Remove(alice, first.Id, batch));
        Assert.Equal("sip:b@192.0.2.1", _harness.Bindings(alice).Single().Contact);
    }

    [Fact]
    public void BatchOfSeveralChangesOfOneRecord_IsTakenBackWhole()
    {
        var alice = _harness.AddCredential(_realm, "alice", "p");
        var device = new ScriptedDevice(_harness, _realm, "alice", "p");
        device.Register("<sip:a@192.0.2.1>", 600);
        var before = _harness.Bindings(alice);
        var batch = new LocationBatch(_harness.Journal);
        Replace(alice, batch, "sip:x@192.0.2.9", "sip:y@192.0.2.9");
        Replace(alice, batch, "sip:z@192.0.2.9", "sip:w@192.0.2.9"); // of equal length: changed in place
        Replace(alice, batch);
        _harness.Journal.IsBroken = true;
        Assert.False(batch.Commit());
        Assert.Equal(before, _harness.Bindings(alice));
    }

    [Fact]
    public void ChangeOfAnotherLoop_SurvivesTheFailureOfThisOnesBatch()
    {
        var alice = _harness.AddCredential(_realm, "alice", "p");
        var failing = new LocationBatch(new FaultyJournal { IsBroken = true });
        var working = new LocationBatch(_harness.Journal);
        Replace(alice, failing, "sip:x@192.0.2.9");
        Replace(alice, working, "sip:y@192.0.2.9");
        Assert.True(working.Commit());
        Assert.False(failing.Commit());
        Assert.Equal("sip:y@192.0.2.9", _harness.Bindings(alice).Single().Contact);
    }

    [Fact]
    public void OtherHashRevision_FindsNoBindings()
    {
        var alice = _harness.AddCredential(_realm, "alice", "p");
        Replace(alice, new LocationBatch(_harness.Journal), "sip:x@192.0.2.9");
        using var aor = _harness.Locations.Open(alice, 1, 2);
        Assert.True(aor.Bindings.IsEmpty);
    }

    private void Replace(long credentialId, LocationBatch batch, params string[] uris)
    {
        var writer = new BindingSetWriter();
        foreach (var uri in uris)
        {
            var header = new BindingHeader { Id = _harness.Locations.NextBindingId(), Flow = RegistrarHarness.Flow(), ExpiresAt = _harness.Clock.NowMs + 60_000, Q = -1 };
            writer.Add(header, new BindingTexts { Uri = System.Text.Encoding.ASCII.GetBytes(uri), CallId = "call"u8 });
        }

        using var aor = _harness.Locations.Open(credentialId, 1, 1);
        aor.Replace(writer.Written, batch, 0);
    }
}
