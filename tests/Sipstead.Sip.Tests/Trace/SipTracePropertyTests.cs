using CsCheck;
using Sipstead.Sip.Trace;
using Xunit;

namespace Sipstead.Sip.Tests.Trace;

/// <summary>The trace against a plain list of all that was recorded.</summary>
public sealed class SipTracePropertyTests
{
    private const string Seed = "0N0XIzNsQ0O2";

    private static readonly Gen<(TraceSubject Subject, int Length)[]> Recordings = Gen.Select(
        Gen.Select(Gen.Long[0, 3], Gen.Long[0, 6], Gen.Long[0, 40], (realm, credential, call) => new TraceSubject(realm, credential, call)),
        Gen.Frequency((8, Gen.Int[0, 1_500]), (1, Gen.Int[0, SipTrace.MaxMessage + 2_000]))).Array[0, 1_500];

    [Fact]
    public void Trace_TellsTheNewestOfEach_AndNothingElse() => Recordings.Sample(
        recordings =>
        {
            using var fixture = new TraceFixture();
            var all = new List<TracedMessage>();
            foreach (var (subject, length) in recordings)
            {
                fixture.Time.Advance(TimeSpan.FromMinutes(1)); // shares are for other tests
                var text = new string((char)('A' + (all.Count % 26)), length);
                fixture.Record(subject, text);
                if (subject != new TraceSubject(0, 0, 0)) all.Add(TraceFixture.MessageOf(text) with { Number = all.Count + 1, Subject = subject });
            }

            var oldest = AllOf(fixture.Trace).Select(m => m.Number).DefaultIfEmpty(all.Count + 1).Min();
            Assert.True(oldest == 1 || KeptSince(all, oldest) > TraceFixture.SmallRing / 4, "too much was given up");
            Assert.True(KeptSince(all, oldest) <= TraceFixture.SmallRing, "more is kept than the ring holds");
            var kept = all.Where(m => m.Number >= oldest).ToList();
            for (var id = 1L; id <= 6; id++) AssertSame(kept.Where(m => m.Subject.CredentialId == id), fixture.Trace.OfCredential(id));
            for (var id = 1L; id <= 3; id++) AssertSame(kept.Where(m => m.Subject.CredentialId == 0 && m.Subject.RealmId == id), fixture.Trace.OfUnknownUsers(id));
            for (var id = 1L; id <= 40; id++) AssertSame(kept.Where(m => m.Subject.CallNumber == id), fixture.Trace.OfCall(id));
        },
        seed: Seed,
        iter: 60);

    private static IEnumerable<TracedMessage> AllOf(SipTrace trace) => Enumerable.Range(1, 6).SelectMany(id => trace.OfCredential(id))
        .Concat(Enumerable.Range(1, 3).SelectMany(id => trace.OfUnknownUsers(id)))
        .Concat(Enumerable.Range(1, 40).SelectMany(id => trace.OfCall(id)));

    private static long KeptSince(List<TracedMessage> all, long oldest) =>
        all.Where(m => m.Number >= oldest).Sum(m => (long)Math.Min(m.Octets.Length, SipTrace.MaxMessage));

    private static void AssertSame(IEnumerable<TracedMessage> expected, IReadOnlyList<TracedMessage> actual) => Assert.Equal(
        expected.Select(m => (m.Number, m.Subject, TraceFixture.TextOf(m)[..Math.Min(m.Octets.Length, SipTrace.MaxMessage)])),
        actual.Select(m => (m.Number, m.Subject, TraceFixture.TextOf(m))));
}
