using System.Runtime.InteropServices;
using Sipstead.Registrar.Journal;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Xunit;

namespace Sipstead.Registrar.Tests.Journal;

/// <summary>Journals that earlier servers wrote are read, and go on in today's format.</summary>
public sealed class EarlierFormatsTests : IDisposable
{
    /// <summary>A journal that a server wrote whose format was of version 1: one address-of-record with two bindings.</summary>
    private const string Version1 = "U0lQU1RFQUQtQklORAAAAVNTQkqBAQAAl+EEEuxzuyyojx38nQEAAKiPHfydAQAAAgAAAAAAAAApAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAABAAAAYQEAAN0AAAABAAAAAA"
            + "AAACh+VPydAQAAqI8d/J0BAACojx38nQEAAAAAAAAAAAAACgIAwP//AAAAAAAAAAAAAAECAMD//wAAAAAAAAAAAAAAAAAAAAAAAECcxBMHAAAA9AEAABoARgAIAA0Ac2lw"
            + "OmFsaWNlQDE5Mi4wLjIuMTA6NDAwMDA7K3NpcC5pbnN0YW5jZT0iPHVybjp1dWlkOjAwMDAwMDAwLTAwMDAtMTAwMC04MDAwLTAwMGE5NWEwZTEyOD4iO3E9MC41Y2FsbC"
            + "1vbmVPbGQgUGhvbmUgMS4whAAAAAIAAAAAAAAAKH5U/J0BAACojx38nQEAAKiPHfydAQAAAAAAAAAAAAAKAgDA//8AAAAAAAAAAAAAAQIAwP//AAAAAAAAAAAAAAAAAAAA"
            + "AAAAQJzEEwcAAAD//wAAFAAAAAgAAABzaXA6YWxpY2VAMTkyLjAuMi4yMGNhbGwtdHdv";

    /// <summary>One that a server wrote whose format was of version 2: an Outbound binding with instance and Path, and one over TCP and IPv6.</summary>
    private const string Version2 =
        "U0lQU1RFQUQtQklORAAAAlNTQkrGAQAAY6rPf3bz+e9EGwkZogEAAEUbCRmiAQAAAwAAAAAAAAApAAAAAAAAAAYAAAAAAAAAAQAAAAAAAAACAAAApgEAABABAAABAAAAAAAAAL0JQBmi"
            + "AQAAPhsJGaIBAAA9GwkZogEAAAAAAAAAAAAACgIAwP//AAAAAAAAAAAAAAECAMD//wAAAAAAAAAAAAAAAAAAAAAAAECcxBMHAAAA9AEAABoATwAIAA0AHAABAAAAAgAAAAAAAABzaXA6"
            + "YWxpY2VAMTkyLjAuMi4xMDo0MDAwMDsrc2lwLmluc3RhbmNlPSI8dXJuOnV1aWQ6MDAwMDAwMDAtMDAwMC0xMDAwLTgwMDAtMDAwYTk1YTBlMTI4PiI7cmVnLWlkPTE7cT0wLjU8c2lw"
            + "OmVkZ2UuZXhhbXBsZS5uZXQ7bHI7b2I+Y2FsbC1vbmVPbGQgUGhvbmUgMS4wlgAAAAMAAAAAAAAAvglAGaIBAAA/GwkZogEAAD4bCRmiAQAADAAAAAAAAAAgAAAAAAAAAAAAAAC4DQEg"
            + "AQAAAAAAAAAAAAAAuA0BIAAAAAAAAAAAQZzEEwkAAAD//wEAGAAAAAgAAAAAAAAAAAAAAAAAAAAAAHNpcDphbGljZUBbMjAwMTpkYjg6OjIwXWNhbGwtdHdv";

    /// <summary>One of version 3: an Outbound binding with instance and Path, one over TCP beside it, and a patch that refreshes the first.</summary>
    private const string Version3 =
        "U0lQU1RFQUQtQklORAAAA1NTQkozAQAAnDlaRVMANdqXbfMZogEAAJdt8xmiAQAAAgAAAAAAAAABAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAABAAAAAQAAAA8BAAAPAQAAAgAAANxbKhqi"
            + "AQAAXG3zGaIBAAAAAAAAAAAAAAEAAH///wAAAAAAAAAAAAAAAAAAQJyqSwEAAH///wAAAAAAAAAAAAAAAAAA9AEAAAEAAAAAAAAAXG3zGaIBAAAZAE8AHAAIAA0AAQAAAAIAAAAAAAAA"
            + "c2lwOnVzZXIwQDEyNy4wLjAuMTo0MDAwMDsrc2lwLmluc3RhbmNlPSI8dXJuOnV1aWQ6MDAwMDAwMDAtMDAwMC0xMDAwLTgwMDAtMDAwYTk1YTBlMTI4PiI7cmVnLWlkPTE7cT0wLjU8"
            + "c2lwOmVkZ2UuZXhhbXBsZS5uZXQ7bHI7b2I+Y2FsbC1vbmVPbGQgUGhvbmUgMy4wU1NCSuUBAAAYf2GXInxKwsNt8xmiAQAAw23zGaIBAAADAAAAAAAAAAEAAAAAAAAAAgAAAAAAAAAB"
            + "AAAAAAAAAAEAAAABAAAAwQEAAA8BAAACAAAA3FsqGqIBAABcbfMZogEAAAAAAAAAAAAAAQAAf///AAAAAAAAAAAAAAAAAABAnKpLAQAAf///AAAAAAAAAAAAAAAAAAD0AQAAAQAAAAAA"
            + "AABcbfMZogEAABkATwAcAAgADQABAAAAAgAAAAAAAABzaXA6dXNlcjBAMTI3LjAuMC4xOjQwMDAwOytzaXAuaW5zdGFuY2U9Ijx1cm46dXVpZDowMDAwMDAwMC0wMDAwLTEwMDAtODAw"
            + "MC0wMDBhOTVhMGUxMjg+IjtyZWctaWQ9MTtxPTAuNTxzaXA6ZWRnZS5leGFtcGxlLm5ldDtscjtvYj5jYWxsLW9uZU9sZCBQaG9uZSAzLjCyAAAAAgAAAEBcKhqiAQAAwG3zGaIBAAAB"
            + "AAAAAAAAAAEAAH///wAAAAAAAAAAAAAAAAAAxsqqSwEAAH///wAAAAAAAAAAAAAAAAAA//8BAAMAAAAAAAAAwG3zGaIBAAAnAAAAAAAIAA0AAAAAAAAAAAAAAAAAc2lwOnVzZXIwQDEy"
            + "Ny4wLjAuMTo0MDAwMTt0cmFuc3BvcnQ9dGNwY2FsbC10d29PbGQgUGhvbmUgMy4wU1NCStgBAAB9l67wu9/2h8Vt8xmiAQAAxW3zGaIBAAADAAAAAAAAAAEAAAAAAAAAAwAAAAAAAAAC"
            + "AAAAAAAAAAAAAAACAAAAtAEAALIAAAACAAAAQFwqGqIBAADAbfMZogEAAAEAAAAAAAAAAQAAf///AAAAAAAAAAAAAAAAAADGyqpLAQAAf///AAAAAAAAAAAAAAAAAAD//wEAAwAAAAAA"
            + "AADAbfMZogEAACcAAAAAAAgADQAAAAAAAAAAAAAAAABzaXA6dXNlcjBAMTI3LjAuMC4xOjQwMDAxO3RyYW5zcG9ydD10Y3BjYWxsLXR3b09sZCBQaG9uZSAzLjAPAQAAAwAAAERcKhqi"
            + "AQAAxG3zGaIBAAAAAAAAAAAAAAEAAH///wAAAAAAAAAAAAAAAAAAQJyqSwEAAH///wAAAAAAAAAAAAAAAAAA9AEAAAEAAAAAAAAAXG3zGaIBAAAZAE8AHAAIAA0AAQAAAAIAAAAAAAAA"
            + "c2lwOnVzZXIwQDEyNy4wLjAuMTo0MDAwMDsrc2lwLmluc3RhbmNlPSI8dXJuOnV1aWQ6MDAwMDAwMDAtMDAwMC0xMDAwLTgwMDAtMDAwYTk1YTBlMTI4PiI7cmVnLWlkPTE7cT0wLjU8"
            + "c2lwOmVkZ2UuZXhhbXBsZS5uZXQ7bHI7b2I+Y2FsbC1vbmU=";

    private readonly JournalRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void JournalOfVersion1_IsRead_AndGoesOnInTodaysLayout()
    {
        _runs.HoldOnly(Convert.FromBase64String(Version1));
        _runs.Time.Advance(TimeSpan.FromSeconds(100));
        for (var start = 1; start <= 2; start++)
        {
            using var run = _runs.Start();
            var found = run.Find(41);
            Assert.Equal(
                [("sip:alice@192.0.2.10:40000", 3500, "call-one", "Old Phone 1.0", 7L), ("sip:alice@192.0.2.20", 3500, "call-two", "", 7L)],
                found.Select(binding => (binding.Contact, binding.ExpiresIn, binding.CallId, binding.UserAgent, binding.CSeq)));
            Assert.Equal(("urn:uuid:00000000-0000-1000-8000-000a95a0e128", 0.5m), (found[0].Instance, found[0].Q));
            Assert.Equal(("192.0.2.10:40000", 0L, 0), (found[0].Flow.Source.ToString(), found[0].GruuEpoch, found[0].Path.Count));
            Assert.Equal(3, run.Locations.NextBindingId());
            Assert.Equal(JournalFormat.Version, JournalRuns.ReadShared(run.JournalPath)[JournalFormat.FileMark.Length - 1]);
        }

        Assert.False(_runs.Log.Contains(3001) || _runs.Log.Contains(3002));
    }

    [Fact]
    public void JournalOfVersion2_IsRead_AndGoesOnInTodaysLayout()
    {
        var octets = Convert.FromBase64String(Version2);
        var written = MemoryMarshal.Read<BatchHeader>(octets.AsSpan(JournalFormat.FileMark.Length));
        _runs.Time = new SteppingTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(written.WallMs + 100_000));
        _runs.HoldOnly(octets);
        for (var start = 1; start <= 2; start++)
        {
            using var run = _runs.Start(currentRevision: 2);
            var found = run.Find(41);
            Assert.Equal(
                [("sip:alice@192.0.2.10:40000", "call-one", "Old Phone 1.0", 7L, 1L, 6L), ("sip:alice@[2001:db8::20]", "call-two", "", 9L, 3L, 6L)],
                found.Select(binding => (binding.Contact, binding.CallId, binding.UserAgent, binding.CSeq, binding.Id, binding.RealmId)));
            Assert.All(found, binding => Assert.InRange(binding.ExpiresIn, 3499, 3500));
            Assert.Equal(
                ("urn:uuid:00000000-0000-1000-8000-000a95a0e128", 1L, 0.5m, 2L), (found[0].Instance, found[0].RegId, found[0].Q, found[0].GruuEpoch));
            Assert.Equal(["<sip:edge.example.net;lr;ob>"], found[0].Path);
            Assert.Equal(("192.0.2.10:40000", SipTransport.Udp), (found[0].Flow.Source.ToString(), found[0].Flow.Transport));
            Assert.Equal(
                ("[2001:db8::20]:40001", "[2001:db8::1]:5060", SipTransport.Tcp, 0L),
                (found[1].Flow.Source.ToString(), found[1].Flow.Local.ToString(), found[1].Flow.Transport, found[1].Flow.ConnectionId));
            Assert.Equal(4, run.Locations.NextBindingId());
            Assert.Equal(JournalFormat.Version, JournalRuns.ReadShared(run.JournalPath)[JournalFormat.FileMark.Length - 1]);
        }

        Assert.False(_runs.Log.Contains(3001) || _runs.Log.Contains(3002));
    }

    [Fact]
    public void JournalOfVersion3_IsRead_ItsPatchesToo_AndGoesOnInTodaysLayout()
    {
        var octets = Convert.FromBase64String(Version3);
        var written = MemoryMarshal.Read<BatchHeader>(octets.AsSpan(JournalFormat.FileMark.Length));
        _runs.Time = new SteppingTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(written.WallMs + 100_000));
        _runs.HoldOnly(octets);
        for (var start = 1; start <= 2; start++)
        {
            using var run = _runs.Start();
            var found = run.Find(1).OrderBy(binding => binding.Id).ToList();
            Assert.Equal([("call-one", 3L, 1L), ("call-two", 2L, 3L)], found.Select(binding => (binding.CallId, binding.CSeq, binding.Id)));
            Assert.Equal(["sip:user0@127.0.0.1:40000", "sip:user0@127.0.0.1:40001;transport=tcp"], found.Select(binding => binding.Contact));
            Assert.All(found, binding => Assert.InRange(binding.ExpiresIn, 3490, 3510));
            Assert.Equal(
                ("urn:uuid:00000000-0000-1000-8000-000a95a0e128", 1L, 0.5m, 2L), (found[0].Instance, found[0].RegId, found[0].Q, found[0].GruuEpoch));
            Assert.Equal(["<sip:edge.example.net;lr;ob>"], found[0].Path);
            Assert.Equal(("127.0.0.1:40000", SipTransport.Udp), (found[0].Flow.Source.ToString(), found[0].Flow.Transport));
            Assert.Equal((SipTransport.Tcp, 0L, "Old Phone 3.0"), (found[1].Flow.Transport, found[1].Flow.ConnectionId, found[1].UserAgent));
            Assert.Equal(4, run.Locations.NextBindingId());
            Assert.Equal(JournalFormat.Version, JournalRuns.ReadShared(run.JournalPath)[JournalFormat.FileMark.Length - 1]);
        }

        Assert.False(_runs.Log.Contains(3001) || _runs.Log.Contains(3002) || _runs.Log.Contains(3008));
    }

    [Theory]
    [InlineData(Version1)]
    [InlineData(Version2)]
    [InlineData(Version3)]
    public void EarlierJournal_DamagedAnywhere_NeverStopsTheStart(string journal)
    {
        var octets = Convert.FromBase64String(journal);
        for (var at = 0; at < octets.Length; at += 5)
        {
            var damaged = octets.ToArray();
            damaged[at] ^= 0x41;
            _runs.HoldOnly(damaged);
            _runs.Log.Clear();
            using var next = _runs.Start();
            Assert.True(_runs.Log.Contains(3001) || _runs.Log.Contains(3002), $"octet {at}");
        }
    }

    [Fact]
    public void BindingsOfVersion1_ThatAreNotWhole_AreRefused()
    {
        var whole = Convert.FromBase64String(Version1).AsSpan(88).ToArray(); // behind the marks of file, batch and record
        var upgraded = new BindingSetWriter();
        Assert.True(EarlierFormats.TryUpgrade(1, whole, upgraded) && PackedBindings.AreWhole(upgraded.Written));
        for (var length = 1; length < whole.Length; length++)
        {
            if (length != BitConverter.ToInt32(whole)) Assert.False(EarlierFormats.TryUpgrade(1, whole.AsSpan(0, length), upgraded));
        }
    }
}
