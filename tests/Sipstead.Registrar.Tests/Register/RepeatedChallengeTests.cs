using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Realms;
using Sipstead.Registrar.Admission;
using Sipstead.Sip.Admission;
using Sipstead.Testing;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.Register;

/// <summary>The short way of a REGISTER without credentials that says what was challenged before: when it is taken, and that nobody can tell.</summary>
public sealed class RepeatedChallengeTests : IDisposable
{
    private const string Contact = "Contact: <sip:alice@192.0.2.10:40000>\r\n";
    private const DigestAlgorithms All = DigestAlgorithms.Md5 | DigestAlgorithms.Sha256 | DigestAlgorithms.Sha512256;

    private readonly RegistrarHarness _harness = new();
    private readonly string _realm;
    private readonly ScriptedDevice _device;

    public RepeatedChallengeTests()
    {
        _realm = _harness.AddRealm();
        _device = new ScriptedDevice(_harness, _realm, "alice", "secret");
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void TheSameAgain_IsChallengedAgain_WithoutBeingReadWhole()
    {
        var first = _device.SendOnce(Contact);
        var second = _device.SendOnce(Contact);
        Assert.Equal((401, 401), (first.Status, second.Status));
        Assert.Equal(1, _harness.Repeats);
        Assert.NotEqual(first.Challenge("nonce"), second.Challenge("nonce"));
        Assert.Equal("2 REGISTER", second.One("CSeq"));
    }

    [Fact]
    public void ItsNonce_IsGoodForARegistration()
    {
        var alice = _harness.AddCredential(_realm, "alice", "secret");
        _device.SendOnce(Contact);
        Assert.Equal(200, _device.Request(Contact).Status);
        Assert.Equal(1, _harness.Repeats);
        Assert.Single(_harness.Bindings(alice));
        Assert.Equal(4, _harness.Trace.OfCredential(alice).Count); // the challenge too
    }

    [Fact]
    public void ARealmThatIsNoMore_Gets404()
    {
        _device.SendOnce(Contact);
        _harness.View.Realms.TryFind(Encoding.ASCII.GetBytes(_realm), out var realm);
        _harness.View.RemoveRealm(realm!.Id, 100);
        Assert.Equal(404, _device.SendOnce(Contact).Status);
        Assert.Equal(0, _harness.Repeats);
    }

    [Fact]
    public void OtherAlgorithms_AreOfferedAtOnce()
    {
        _device.SendOnce(Contact);
        _harness.SetAlgorithms(_realm, All);
        Assert.Equal("SHA-512-256 SHA-256 MD5", Algorithms(_device.SendOnce(Contact)));
        Assert.Equal(1, _harness.Repeats);
    }

    [Fact]
    public void S_19_AShortRequest_GetsTheStrongestChallengesAlone_TheSecondTimeToo()
    {
        _harness.SetAlgorithms(_realm, All);
        var request = $"REGISTER sip:{_realm} SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:a@h>\r\nCall-ID: 1\r\n"
            + "CSeq: 1 REGISTER\r\n\r\n";
        for (var i = 0; i < 2; i++)
        {
            var answer = _harness.Send(request)!;
            Assert.Equal("SHA-512-256", Algorithms(answer));
            Assert.InRange(answer.Text.Length, 1, 3 * request.Length);
        }

        Assert.Equal(1, _harness.Repeats);
    }

    [Theory]
    [InlineData("Contact: <sip:alice@192.0.2.11>\r\n")]
    [InlineData(Contact + "Authorization: Digest username=\"alice\", response=\"\"\r\n")]
    [InlineData(Contact + "authorization: Digest username=\"alice\", response=\"\"\r\n")]
    [InlineData(Contact + "Require: nonsense\r\n")]
    [InlineData("c: text/plain\r\n" + Contact)]
    public void AnythingElse_IsReadWhole(string headers)
    {
        _device.SendOnce(Contact);
        _device.SendOnce(headers);
        Assert.Equal(0, _harness.Repeats);
    }

    [Theory]
    [InlineData("Authorization: Digest username=\"alice\", response=\"\"\r\n")]
    [InlineData("authorization: Digest username=\"alice\", response=\"\"\r\n")]
    [InlineData("Authorization: Basic YWxpY2U6c2VjcmV0\r\n")]
    [InlineData("Require: nonsense\r\n")]
    [InlineData("Max-Forwards: x\r\n")]
    [InlineData("Folded: a\r\n b\r\n")]
    public void WhatIsNotPlainlyChallenged_IsReadWholeEachTime(string headers)
    {
        for (var i = 0; i < 3; i++) _device.SendOnce(Contact + headers);
        Assert.Equal(0, _harness.Repeats);
    }

    /// <summary>One message, by the spelling of each line; and an octet that is changed.</summary>
    private sealed record Draft(int[] Lines, int FlipAt, int FlipWith);

    /// <summary>One thing that happens to both registrars.</summary>
    private sealed record Step(int Kind, int Draft, int Source);

    private static readonly string[][] Spellings =
    [
        ["REGISTER sip:REALM SIP/2.0", "REGISTER sip:gone.3efeaa.auth.example.net SIP/2.0", "REGISTER sip:nobody.example SIP/2.0", "REGISTER sip:x@REALM SIP/2.0",
            "REGISTER sip:REALM:5060 SIP/2.0", "REGISTER sips:REALM SIP/2.0", "REGISTER sip:REALM SIP/3.0", "REGISTER sip:REALM;transport=udp SIP/2.0"],
        ["Via: SIP/2.0/UDP 192.0.2.10:40000;rport;branch=z9hG4bKN", "Via: SIP/2.0/UDP h;branch=z9hG4bKN", "Via: SIP/2.0/TCP h;rport=5;branch=z9hG4bKN;keep",
            "v: SIP/2.0/UDP h;branch=z9hG4bKN", "Via: SIP/2.0/UDP h;branch=z9hG4bKN;received=1.2.3.4 ", "Via: SIP/2.0/UDP h;branch=z9hG4bK", "Via: SIP/2.0/UDP h",
            "Via: SIP/2.0/UDP h;branch=z9hG4bKN\r\nVia: SIP/2.0/UDP p;branch=z9hG4bKpN", "Via: SIP/2.0/UDP h;branch=z9hG4bKN\r\nv: SIP/2.0/UDP p;branch=z9hG4bKp"],
        ["From: <sip:alice@REALM>;tag=N", "From: \"A\" <sip:alice@REALM>;tag=N", "From: <sip:alice@REALM>", "From: sip:alice@REALM;tag=N", "f: <sip:alice@REALM>;tag=N",
            "From: <sip:alice@REALM>;tag=N;x=y", "From: \"A <sip:alice@REALM>;tag=N", "From: <sip:alice@REALM>;tag=N "],
        ["To: <sip:alice@REALM>", "To: <sip:bob@REALM>", "To: <sip:carol@REALM>", "To: <sip:al%69ce@REALM>", "To: <sip:alice@elsewhere.example>", "To: <tel:+1555>",
            "To: <sip:alice@REALM>;tag=t", "To: alice", "To: <sip:alice@REALM> ", "To:  <sip:alice@REALM>", "To: sip:dave@REALM"],
        ["Call-ID: one@h", "Call-ID: two@h", "i: one@h", "Call-ID: a b", "Call-ID: one@h\r\nCall-ID: two@h", "Call-ID: one@h\t", "Call-ID: "],
        ["CSeq: N REGISTER", "CSeq: N\tREGISTER", "CSeq: 0N REGISTER", "CSeq: N INVITE", "CSeq: x REGISTER", "CSeq: N REGISTER ", "CSeq: 9N99999999 REGISTER"],
        ["Max-Forwards: 70", "Max-Forwards: x", "Require: nonsense", "Folded: a\r\n b", "Supported: path", "Proxy-Authorization: Digest x"],
        ["Contact: <sip:alice@192.0.2.10:40000>", "Contact: *", "Contact: nonsense", "User-Agent: scanner", "User-Agent: phone"],
        ["Expires: 300", "Authorization: Digest response=\"\"", "Authorization: nonsense", "authorization: Digest x=y", "A: b\nC: d",
            "Authorization: Digest username=\"eve\", realm=\"REALM\", nonce=\"n\", uri=\"sip:REALM\", response=\"00112233445566778899aabbccddeeff\"",
            "Authorization: Digest username=\"eve\", realm=\"x\", nonce=\"n\", uri=\"sip:REALM\", response=\"00112233445566778899aabbccddeeff\""],
        ["Content-Length: 0", "Content-Length: 1", "l: 0", "Content-Length: x", "Content-Length: 0\r\n\r\nbody"],
    ];

    private static readonly Gen<Draft> Drafts = Gen.Select(Gen.Int[0, 95].Array[Spellings.Length], Gen.Int[0, 4_000], Gen.Int[1, 255])
        .Select(t => new Draft(t.Item1, t.Item2, t.Item3));

    private static readonly Gen<(Draft[] Drafts, Step[] Steps)> Plays = Gen.Select(
        Drafts.Array[1, 4], Gen.Select(Gen.Int[0, 39], Gen.Int[0, 3], Gen.Int[0, 2]).Select(t => new Step(t.Item1, t.Item2, t.Item3)).Array[2, 40]);

    [Fact]
    public void AnySequence_IsAnsweredAsIfReadWhole()
    {
        var repeats = 0;
        Plays.Sample(play => Interlocked.Add(ref repeats, AssertSameAnswers(play.Drafts, play.Steps)), iter: 600);
        Assert.InRange(repeats, 1_000, int.MaxValue); // or nothing was compared
    }

    /// <summary>Returns how many took the short way.</summary>
    private static int AssertSameAnswers(Draft[] drafts, Step[] steps)
    {
        using var shortcut = new Scene(readsAllWhole: false);
        using var whole = new Scene(readsAllWhole: true);
        for (var i = 0; i < steps.Length; i++)
        {
            var draft = drafts[steps[i].Draft % drafts.Length];
            Assert.Equal(whole.Play(steps[i], draft, i + 1), shortcut.Play(steps[i], draft, i + 1));
        }

        Assert.Equal(whole.State(), shortcut.State());
        Assert.Equal(0, whole.Repeats);
        return shortcut.Repeats;
    }

    private static string Algorithms(SipResponseText answer) =>
        string.Join(' ', answer.Challenges.Select(challenge => challenge.Split("algorithm=")[1].Split(',')[0].Trim('"')));

    /// <summary>A registrar, and all that shows of it from outside.</summary>
    private sealed class Scene : IDisposable
    {
        private static readonly string[] Sources = ["192.0.2.10:40000", "[2001:db8::7]:5060", "127.0.0.1:5070"];

        private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
        private readonly MeterListener _listener = new();
        private readonly LogLines _log = new();
        private readonly RegistrarHarness _harness;
        private readonly string _realm;
        private readonly long _alice;

        public Scene(bool readsAllWhole)
        {
            var meters = _services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) => Count($"{instrument.Name} {string.Join(' ', tags.ToArray())}", count));
            _listener.Start();
            var options = new RegistrarOptions { Limits = new AuthenticationLimitOptions { UnknownUsers = 1 } };
            _harness = new RegistrarHarness(options, meters, admission: new AdmissionOptions { SilentUserAgents = ["scanner"] }, loggers: _log)
            {
                ReadsAllWhole = readsAllWhole,
            };
            _realm = _harness.AddRealm(algorithms: All);
            _alice = _harness.AddCredential(_realm, "alice", "secret");
        }

        public int Repeats => _harness.Repeats;

        public string Play(Step step, Draft draft, int number)
        {
            switch (step.Kind)
            {
                case 0:
                    _harness.SetAlgorithms(_realm, step.Source == 0 ? DigestAlgorithms.Md5 : All);
                    return "";
                case 1:
                    ToggleRealm("gone", number);
                    return "";
                case 2:
                    _harness.Time.Advance(TimeSpan.FromSeconds(100));
                    return "";
                default:
                    return Comparable(_harness.Send(Build(draft, number, step.Kind == 3), RegistrarHarness.Flow(Sources[step.Source]))?.Text ?? "silence");
            }
        }

        public string State()
        {
            var traced = _harness.Trace.OfCredential(_alice).Concat(Realms().SelectMany(realm => _harness.Trace.OfUnknownUsers(realm)));
            var history = _harness.History.OfCredential(_alice).Select(attempt => $"{attempt.Outcome}");
            var admitted = Sources.Select(source => Burst(RegistrarHarness.Flow(source).Source).ToString(CultureInfo.InvariantCulture));
            return string.Join('\n', [.. traced.Select(message => Comparable(Encoding.Latin1.GetString(message.Octets.Span))), .. history,
                .. _counts.Select(count => $"{count.Key} {count.Value}"), .. _log.All, .. admitted]);
        }

        public void Dispose()
        {
            _listener.Dispose();
            _harness.Dispose();
            _services.Dispose();
        }

        private void Count(string name, long count) => _counts[name] = _counts.GetValueOrDefault(name) + count;

        private IEnumerable<long> Realms() => Enumerable.Range(0, 60).Select(id => (long)id);

        private int Burst(Sip.Transport.TransportAddress source) => Enumerable.Range(0, 600).Count(_ => _harness.Admission.Admits(source, _harness.Admission.Now));

        private void ToggleRealm(string name, int number)
        {
            if (!_harness.View.Realms.TryFind(Encoding.ASCII.GetBytes($"{name}.3efeaa.auth.example.net"), out var realm)) _harness.AddRealm(name);
            else _harness.View.RemoveRealm(realm.Id, 1_000 + number);
        }

        /// <summary>Each time with another branch, tag and number, which now and then are long.</summary>
        private byte[] Build(Draft draft, int number, bool isLong)
        {
            var lines = Spellings.Select((spellings, i) => draft.Lines[i] < 72 ? spellings[0] : spellings[draft.Lines[i] % spellings.Length]);
            var fresh = number.ToString(CultureInfo.InvariantCulture);
            var text = string.Join("\r\n", lines).Replace("REALM", _realm, StringComparison.Ordinal);
            text = text.Replace("bKN", $"bK{fresh}{(isLong ? new string('x', 9_000) : "")}", StringComparison.Ordinal).Replace("tag=N", $"tag=t{fresh}", StringComparison.Ordinal);
            text = text.Replace("CSeq: N", $"CSeq: {fresh}", StringComparison.Ordinal);
            var octets = Encoding.Latin1.GetBytes(text.EndsWith("body", StringComparison.Ordinal) ? text : text + "\r\n\r\n");
            if (draft.FlipAt < octets.Length) octets[draft.FlipAt] ^= (byte)draft.FlipWith;
            return octets;
        }

        /// <summary>All but what is drawn at random, whose length counts.</summary>
        private static string Comparable(string message) => string.Join("\r\n", message.Split("\r\n").Select(line =>
        {
            var at = line.StartsWith("To:", StringComparison.Ordinal) ? line.LastIndexOf(";tag=", StringComparison.Ordinal)
                : line.StartsWith("WWW-", StringComparison.Ordinal) ? line.IndexOf("nonce=\"", StringComparison.Ordinal) : -1;
            if (at < 0) return line;
            var start = line.IndexOfAny(['=', '"'], at) + 1;
            if (start < line.Length && line[start] == '"') start++;
            var end = line.IndexOf('"', start);
            if (end < 0) end = line.Length;
            return line[..start] + new string('*', end - start) + line[end..];
        }));
    }
}
