using System.Net;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Registrar.History;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Registrar.Tests.History;

/// <summary>The store of attempts: order, pages, and what is dropped when it is full (ruling 36).</summary>
public sealed class RegistrationHistoryTests : IDisposable
{
    private const long Office = 1;
    private const long Branch = 2;
    private const long Alice = 11;
    private const long Bob = 12;

    /// <summary>What the history reckons for an entry without texts.</summary>
    private static readonly int EmptyEntry = AttemptStore.EntryOctets;

    private readonly CountingMeters _meters = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Entries_AreFoundByOwner_NewestFirst_AndByRealmTogether()
    {
        var history = Create();
        history.Keep(Attempt(Office, Alice, "alice"));
        history.Keep(Attempt(Office, 0, "nobody"));
        history.Keep(Attempt(Branch, 0, "stranger"));
        history.Keep(Attempt(Office, Bob, "bob"));
        history.Keep(Attempt(Office, Alice, "alice again"));

        Assert.Equal(["alice again", "alice"], Names(history.OfCredential(Alice)));
        Assert.Equal(["nobody"], Names(history.OfUnknownUsers(Office)));
        Assert.Equal(["stranger"], Names(history.OfUnknownUsers(Branch)));
        Assert.Equal(["alice again", "bob", "nobody", "alice"], Names(history.OfRealm(Office)));
        Assert.Equal([5L, 4, 2, 1], history.OfRealm(Office).Select(attempt => attempt.Number));
        Assert.Empty(history.OfCredential(99));
        Assert.Empty(history.OfRealm(99));
    }

    [Fact]
    public void Pages_GoOnBelowANumber_WithoutGapsOrRepeats()
    {
        var history = Create();
        for (var i = 0; i < 10; i++) history.Keep(Attempt(Office, i % 2 == 0 ? Alice : 0, $"u{i}"));

        Assert.Equal(["u9", "u8", "u7"], Names(history.OfRealm(Office, limit: 3)));
        Assert.Equal(["u6", "u5", "u4"], Names(history.OfRealm(Office, below: 8, limit: 3)));
        Assert.Equal(["u8", "u6"], Names(history.OfCredential(Alice, limit: 2)));
        Assert.Equal(["u4", "u2", "u0"], Names(history.OfCredential(Alice, below: 7)));
        Assert.Equal(["u3", "u1"], Names(history.OfUnknownUsers(Office, below: 5, limit: 9)));
        Assert.Empty(history.OfRealm(Office, below: 1));
    }

    [Fact]
    public void FloodOfOneName_CostsThatNameItsHistory_AndNobodyElse()
    {
        var history = Create(maxOctets: 40 * EmptyEntry, maxOfOne: 20);
        history.Keep(Attempt(Office, Bob));
        history.Keep(Attempt(Branch, 0));
        for (var i = 0; i < 1000; i++) history.Keep(Attempt(Office, 0));

        Assert.Single(history.OfCredential(Bob));
        Assert.Single(history.OfUnknownUsers(Branch));
        Assert.Equal(Enumerable.Range(983, 20).Reverse().Select(n => (long)n), history.OfUnknownUsers(Office).Select(attempt => attempt.Number));
        Assert.Equal(980, _meters["sipstead.registrar.history.evicted one"]);
        Assert.Equal(0, _meters["sipstead.registrar.history.evicted octets"]);
    }

    [Fact]
    public void BeyondAllOctets_TheOldestGo_WhosesoeverTheyAre()
    {
        var history = Create(maxOctets: 5 * EmptyEntry);
        history.Keep(Attempt(Office, Alice));
        history.Keep(Attempt(Branch, 0));
        for (var i = 0; i < 5; i++) history.Keep(Attempt(Office, Bob));

        Assert.Empty(history.OfCredential(Alice));
        Assert.Empty(history.OfRealm(Branch));
        Assert.Equal([7L, 6, 5, 4, 3], history.OfRealm(Office).Select(attempt => attempt.Number));
        Assert.Equal(2, _meters["sipstead.registrar.history.evicted octets"]);
    }

    [Fact]
    public void LongTexts_TakeMoreOfTheRoom()
    {
        var history = Create(maxOctets: 5 * EmptyEntry);
        for (var i = 0; i < 5; i++) history.Keep(Attempt(Office, Alice) with { Contact = new string('x', EmptyEntry) });
        Assert.Equal(2, history.OfCredential(Alice).Count);
    }

    [Fact]
    public void EachField_IsReadAsItWasAdded()
    {
        var history = Create();
        var attempt = new RegistrationAttempt(
            1, new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), Office, Alice, "alice", new TransportAddress(IPEndPoint.Parse("[2001:db8::7]:5070")),
            SipTransport.Tls, "Ph\u00f6ne/1.0 (a rather long name of a device, longer than two cells)", "<sip:alice@[2001:db8::7]:5070;transport=tls>;expires=60",
            RegistrationOutcome.Registered);
        history.Keep(attempt);
        Assert.Equal(attempt, Assert.Single(history.OfCredential(Alice)));
    }

    [Fact]
    public void TextsAreCut_AtTheirLimits()
    {
        var history = Create();
        history.Keep(Attempt(Office, Alice, new string('u', 500)) with { UserAgent = new string('a', 500), Contact = new string('c', 500) });
        var kept = Assert.Single(history.OfCredential(Alice));
        Assert.Equal(
            (RegistrationAttempt.MaxUserName, RegistrationAttempt.MaxUserAgent, RegistrationAttempt.MaxContact),
            (kept.UserName.Length, kept.UserAgent.Length, kept.Contact.Length));
        Assert.Equal((true, true, true), (kept.UserName.All(c => c == 'u'), kept.UserAgent.All(c => c == 'a'), kept.Contact.All(c => c == 'c')));
    }

    [Fact]
    public void FullHistory_TakesItsPlacesAgain_AndAllocatesNothing()
    {
        var history = Create(maxOctets: 1000 * (EmptyEntry + 100));
        var texts = Encoding.UTF8.GetBytes(new string('x', RegistrationAttempt.MaxContact));
        for (var i = 0; i < 20_000; i++) AddOne(i);
        _meters.Dispose(); // counting the evictions makes texts
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 20_000; i++) AddOne(i);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void AddOne(int i) => history.Add(new NewAttempt(RegistrationOutcome.Registered, default, Office, 1 + (i % 5000), default)
        {
            UserName = texts.AsSpan(0, i % 100), UserAgent = texts.AsSpan(0, i % 7), Contact = texts.AsSpan(0, i % RegistrationAttempt.MaxContact),
        });
    }

    [Fact]
    public void AnySequence_KeepsWhatTheModelKeeps() =>
        Gen.Select(Gen.Long[1, 3], Gen.Long[0, 3]).Array[0, 60].Sample(adds =>
        {
            var history = Create(maxOctets: 10 * EmptyEntry, maxOfOne: 3);
            var model = new List<RegistrationAttempt>();
            foreach (var (realm, user) in adds)
            {
                var attempt = Attempt(realm, user == 0 ? 0 : (realm * 10) + user);
                history.Keep(attempt);
                model.Add(attempt with { Number = model.Count == 0 ? 1 : model[^1].Number + 1 });
                var own = model.Where(a => (a.RealmId, a.CredentialId) == (attempt.RealmId, attempt.CredentialId)).ToList();
                if (own.Count > 3) model.Remove(own[0]);
                if (model.Count > 10) model.RemoveAt(0);
            }

            for (long realm = 1; realm <= 3; realm++)
            {
                var expected = model.Where(a => a.RealmId == realm).Reverse().ToList();
                Assert.Equal(expected, history.OfRealm(realm));
                Assert.Equal(expected.Where(a => a.CredentialId == 0), history.OfUnknownUsers(realm));
                Assert.All(
                    expected.Select(a => a.CredentialId).Where(id => id != 0).Distinct(),
                    id => Assert.Equal(expected.Where(a => a.CredentialId == id), history.OfCredential(id)));
            }
        });

    [Fact]
    public void Added_IsRaisedWithTheNumber_WhileNoLockIsHeld()
    {
        var history = Create();
        var seen = new List<RegistrationAttempt>();
        history.Added += notice =>
        {
            // Another thread reads: it would wait for ever if this one held the lock.
            var reader = new Thread(() => seen.AddRange(history.OfCredential(notice.CredentialId)));
            reader.Start();
            Assert.True(reader.Join(TimeSpan.FromSeconds(10)));
        };
        history.Keep(Attempt(Office, Alice));
        Assert.Equal(1, Assert.Single(seen).Number);
    }

    [Fact]
    public void Added_FailureOfASubscriber_StarvesNeitherTheOthersNorTheCaller()
    {
        var history = Create();
        var told = 0;
        history.Added += _ => throw new InvalidOperationException("a page that is gone");
        history.Added += _ => told++;
        history.Keep(Attempt(Office, Alice));
        Assert.Equal(1, told);
        Assert.Single(history.OfCredential(Alice));
    }

    [Fact]
    public void ManyThreads_GiveEachEntryItsNumber_InOrder()
    {
        const int each = 500;
        var history = Create(maxOfOne: 4 * each);
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < each; i++) history.Keep(Attempt(Office, Alice));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(Enumerable.Range(1, 4 * each).Reverse().Select(n => (long)n), history.OfCredential(Alice).Select(attempt => attempt.Number));
    }

    private static IEnumerable<string> Names(IEnumerable<RegistrationAttempt> attempts) => attempts.Select(attempt => attempt.UserName);

    private static RegistrationAttempt Attempt(long realm, long credential, string userName = "") =>
        new(0, default, realm, credential, userName, default, SipTransport.Udp, "", "", RegistrationOutcome.WrongPassword);

    private RegistrationHistory Create(int maxOctets = RegistrationHistory.DefaultMaxOctets, int maxOfOne = RegistrationHistory.DefaultMaxOfOne) =>
        new(new RegistrarMetrics(_meters), NullLogger<RegistrationHistory>.Instance, maxOctets, maxOfOne);
}
