using CsCheck;
using Sipstead.Provisioning.Realms;
using Sipstead.Registrar.Admission;
using Sipstead.Registrar.History;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.Register;

/// <summary>The short way of a REGISTER that says what the last one said: when it is taken, and that nobody can tell.</summary>
public sealed class RepeatedRegisterTests : IDisposable
{
    private const string Contact = "<sip:alice@192.0.2.10:40000>";

    private readonly RegistrarHarness _harness = new();
    private readonly string _realm;
    private readonly long _alice;
    private readonly ScriptedDevice _device;

    public RepeatedRegisterTests()
    {
        _realm = _harness.AddRealm();
        _alice = _harness.AddCredential(_realm, "alice", "secret");
        _device = new ScriptedDevice(_harness, _realm, "alice", "secret");
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void ARefresh_IsARepeat_AndRefreshes()
    {
        Assert.Equal(200, _device.Register(Contact, 300).Status);
        Assert.Equal(0, _harness.Repeats);
        _harness.Time.Advance(TimeSpan.FromSeconds(100));
        var answer = _device.Register(Contact, 300);
        Assert.Equal(200, answer.Status);
        Assert.Equal(1, _harness.Repeats);
        Assert.Equal($"{Contact};expires=300", answer.One("Contact"));
        Assert.Equal(300, Assert.Single(_harness.Bindings(_alice)).ExpiresIn);
        Assert.Single(_harness.History.OfCredential(_alice));
    }

    [Fact]
    public void ARefreshWithANonceNotUsedBefore_IsARepeat()
    {
        _device.Register(Contact, 300);
        var other = new ScriptedDevice(_harness, _realm, "bob", "secret");
        _device.Nonce = other.Register(Contact).Challenge("nonce");
        Assert.Equal(200, _device.Register(Contact, 300).Status);
        Assert.Equal(1, _harness.Repeats);
    }

    [Fact]
    public void ADatagramAgain_HasNoSecondEffect()
    {
        _device.Register(Contact, 300);
        var first = _device.Register(Contact, 300);
        _harness.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, _harness.Repeats);
        var again = _device.Repeat();
        Assert.Equal(1, _harness.Repeats);
        Assert.Equal(first.One("To"), again.One("To"));
        Assert.Equal($"{Contact};expires=290", again.One("Contact"));
    }

    [Theory]
    [InlineData(Contact, 600, "")]
    [InlineData("<sip:alice@192.0.2.11:40000>", 300, "")]
    [InlineData(Contact, 0, "")]
    [InlineData(Contact, 300, "Supported: path\r\n")]
    [InlineData(Contact, 300, "Require: nonsense\r\n")]
    [InlineData("*", 0, "")]
    public void AnythingElse_IsReadWhole(string contact, int expires, string headers)
    {
        _device.Register(Contact, 300);
        _device.Register(contact, expires, headers);
        Assert.Equal(0, _harness.Repeats);
    }

    [Fact]
    public void AWrongDigest_IsReadWhole_AndRefused()
    {
        _device.Register(Contact, 300);
        var stranger = new ScriptedDevice(_harness, _realm, "alice", "guessed")
        {
            CallId = _device.CallId, CSeq = _device.CSeq, Nonce = _device.Nonce, NonceCount = 10,
        };
        Assert.Equal(401, stranger.SendOnce($"Contact: {Contact}\r\nExpires: 300\r\n").Status);
        Assert.Equal(0, _harness.Repeats);
        Assert.Equal(RegistrationOutcome.WrongPassword, _harness.History.OfCredential(_alice)[0].Outcome);
    }

    [Fact]
    public void WhatIsRefusedForItsFailures_IsNoRepeat()
    {
        _device.Register(Contact, 300);
        var stranger = new ScriptedDevice(_harness, _realm, "alice", "guessed") { Nonce = _device.Nonce };
        for (var i = 0; i < new AuthenticationLimitOptions().WrongPasswords; i++) stranger.SendOnce($"Contact: {Contact}\r\n");
        Assert.Equal(401, _device.SendOnce($"Contact: {Contact}\r\nExpires: 300\r\n").Status);
        Assert.Equal(0, _harness.Repeats);
    }

    [Fact]
    public void ANewPassword_EndsIt()
    {
        _device.Register(Contact, 300);
        _harness.ChangePassword(_realm, _alice, "alice", "new");
        Assert.Equal(401, _device.SendOnce($"Contact: {Contact}\r\nExpires: 300\r\n").Status);
        Assert.Equal(0, _harness.Repeats);
    }

    [Fact]
    public void ARealmThatNoLongerOffersTheAlgorithm_EndsIt()
    {
        _device.Register(Contact, 300);
        _harness.SetAlgorithms(_realm, DigestAlgorithms.Sha256);
        Assert.Equal(401, _device.SendOnce($"Contact: {Contact}\r\nExpires: 300\r\n").Status);
        Assert.Equal(0, _harness.Repeats);
    }

    [Fact]
    public void ABindingThatEnded_IsMadeAnew()
    {
        _device.Register(Contact, 300);
        var first = Assert.Single(_harness.Bindings(_alice)).Id;
        _harness.Time.Advance(TimeSpan.FromSeconds(301));
        Assert.Equal(200, _device.Register(Contact, 300).Status);
        Assert.Equal(0, _harness.Repeats);
        Assert.NotEqual(first, Assert.Single(_harness.Bindings(_alice)).Id);
    }

    [Fact]
    public void ASecondDevice_EndsIt_UntilOneIsLeft()
    {
        var second = new ScriptedDevice(_harness, _realm, "alice", "secret");
        _device.Register(Contact, 300);
        second.Register("<sip:alice@192.0.2.99>", 100);
        _device.Register(Contact, 300);
        Assert.Equal(0, _harness.Repeats);
        _harness.Time.Advance(TimeSpan.FromSeconds(101));
        Assert.Equal($"{Contact};expires=300", _device.Register(Contact, 300).One("Contact"));
        _device.Register(Contact, 300);
        Assert.Equal(1, _harness.Repeats);
    }

    [Fact]
    public void AChangeThatWasTakenBack_IsNotRepeated()
    {
        const string moved = "<sip:alice@192.0.2.77:40000>;+sip.instance=\"<urn:uuid:1>\"", before = "<sip:alice@192.0.2.77:40000>";
        _device.Register(before, 300);
        _harness.Journal.IsBroken = true;
        Assert.Equal(503, _device.SendOnce($"Contact: {moved}\r\nExpires: 600\r\n").Status);
        _harness.Journal.IsBroken = false;
        var answer = _device.SendOnce($"Contact: {moved}\r\nExpires: 600\r\n");
        Assert.Equal(0, _harness.Repeats);
        Assert.Equal($"{moved};expires=600", answer.One("Contact"));
    }

    [Fact]
    public void ARefreshThatIsNotDurable_IsTakenBack_AndTold()
    {
        _device.Register(Contact, 300);
        _harness.Time.Advance(TimeSpan.FromSeconds(100));
        _harness.Journal.IsBroken = true;
        Assert.Equal(503, _device.SendOnce($"Contact: {Contact}\r\nExpires: 300\r\n").Status);
        _harness.Journal.IsBroken = false;
        Assert.Equal(1, _harness.Repeats);
        Assert.Equal(200, Assert.Single(_harness.Bindings(_alice)).ExpiresIn);
        Assert.Equal(RegistrationOutcome.StoreFailed, _harness.History.OfCredential(_alice)[0].Outcome);
    }

    /// <summary>One thing that happens to both registrars.</summary>
    private sealed record Step(int Kind, int Device, int Text, bool JournalFails);

    private static readonly Gen<Step> Steps = Gen.Select(Gen.Int[0, 24], Gen.Int[0, 1], Gen.Int[0, 9], Gen.Int[0, 9])
        .Select(t => new Step(t.Item1, t.Item2, t.Item3, t.Item4 == 0));

    private static readonly string[] Texts =
    [
        $"Contact: {Contact}\r\nExpires: 300\r\n", $"Contact: {Contact}\r\nExpires: 300\r\n", $"Contact: {Contact}\r\nExpires: 300\r\n",
        $"Contact: {Contact};expires=60\r\n", $"Contact: {Contact};q=0.5;expires=60;x=y\r\n", "Contact: <sip:alice@192.0.2.20>\r\n",
        $"Contact: {Contact}\r\nSupported: gruu, path\r\nUser-Agent: x\r\n", $"Contact: {Contact};+sip.instance=\"<urn:uuid:1>\"\r\nSupported: gruu\r\n",
        $"Contact: {Contact};+sip.instance=\"<urn:uuid:1>\";reg-id=1\r\nSupported: outbound\r\n", $"Contact: {Contact}\r\nExpires: 0\r\n",
    ];

    [Fact]
    public void AnySequence_IsAnsweredAsIfReadWhole() => Steps.Array[1, 40].Sample(AssertSameAnswers, iter: 300);

    private static void AssertSameAnswers(Step[] steps)
    {
        var options = new RegistrarOptions { MaxContacts = 2 };
        using var shortcut = new RegistrarHarness(options);
        using var whole = new RegistrarHarness(options) { ReadsAllWhole = true };
        var (left, right) = (new Scene(shortcut), new Scene(whole));
        foreach (var step in steps)
        {
            Assert.Equal(right.Play(step), left.Play(step));
            Assert.Equal(right.State(), left.State());
        }

        Assert.Equal(0, whole.Repeats);
    }

    /// <summary>A registrar and its devices, which do as they are told.</summary>
    private sealed class Scene
    {
        private static readonly string[] DrawnAtRandom = ["WWW-Authenticate:", "To:", "Retry-After:"];

        private readonly RegistrarHarness _harness;
        private readonly string _realm;
        private readonly long _alice;
        private readonly ScriptedDevice[] _devices;

        public Scene(RegistrarHarness harness)
        {
            _harness = harness;
            _realm = harness.AddRealm();
            _alice = harness.AddCredential(_realm, "alice", "secret");
            _devices = [.. Enumerable.Range(0, 2).Select(i => new ScriptedDevice(harness, _realm, "alice", "secret") { CallId = $"device-{i}-abcdef" })];
        }

        /// <summary>What is answered, but for what is drawn at random.</summary>
        public string Play(Step step)
        {
            var device = _devices[step.Device];
            switch (step.Kind)
            {
                case 0:
                    _harness.Time.Advance(TimeSpan.FromSeconds(step.Text * 40));
                    _harness.Locations.Sweep();
                    return "";
                case 1:
                    device.CSeq -= Math.Min(device.CSeq, (uint)step.Text);
                    return "";
                case 2:
                    device.Nonce = null;
                    return "";
                case 3:
                    return device.LastMessage.Length == 0 ? "" : Comparable(device.Repeat());
                case 4:
                    device.NonceCount -= Math.Min(device.NonceCount, step.Text);
                    return "";
                default:
                    _harness.Time.Advance(TimeSpan.FromSeconds(1));
                    _harness.Journal.IsBroken = step.JournalFails;
                    var answer = device.SendOnce(Texts[step.Text]);
                    _harness.Journal.IsBroken = false;
                    if (answer.Status == 401) device.Nonce = answer.Challenge("nonce");
                    return Comparable(answer);
            }
        }

        public string State() => string.Join(
            '\n', _harness.Bindings(_alice).Select(b => $"{b.Id} {b.Contact} {b.ExpiresIn} {b.CSeq}").Order().Append(
                string.Join(' ', _harness.History.OfCredential(_alice).Select(attempt => attempt.Outcome))));

        private static string Comparable(SipResponseText answer) => string.Join('\n', answer.Text.Split("\r\n").Select(Comparable));

        private static string Comparable(string line)
        {
            if (Array.Exists(DrawnAtRandom, name => line.StartsWith(name, StringComparison.Ordinal))) return "";
            return string.Join(';', line.Split(';').Where(part => !part.StartsWith("temp-gruu=", StringComparison.Ordinal) && part != "gr\""));
        }
    }
}
