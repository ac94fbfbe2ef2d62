using System.Globalization;
using CsCheck;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.Register;

/// <summary>The registrar against a simple model of RFC 3261 10.3: after any sequence of requests, failures of the journal and time, both agree.</summary>
public sealed class RegisterModelTests
{
    private const int Limit = 4;
    private static readonly int[] Lifetimes = [0, 0, 30, 60, 300, 5000];

    private abstract record Step;

    /// <summary>One REGISTER of one of three devices (Call-IDs) with some of six contacts.</summary>
    private sealed record Register(int Device, (int Contact, int Expires)[] Contacts, bool OldCSeq, bool JournalFails) : Step;

    private sealed record RemoveAll(int Device, bool JournalFails) : Step;

    private sealed record Wait(int Seconds) : Step;

    private static readonly Gen<(int, int)> Contact = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5].Select(i => Lifetimes[i]));

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (8, Gen.Select(Gen.Int[0, 2], Contact.Array[1, 3], Gen.Int[0, 9], Gen.Int[0, 9])
            .Select(t => (Step)new Register(t.Item1, t.Item2, t.Item3 == 0, t.Item4 == 0))),
        (1, Gen.Select(Gen.Int[0, 2], Gen.Int[0, 5]).Select(t => (Step)new RemoveAll(t.Item1, t.Item2 == 0))),
        (3, Gen.Int[1, 400].Select(seconds => (Step)new Wait(seconds))));

    [Fact]
    public void AnySequence_GivesTheModelsBindings() => Steps.Array[1, 30].Sample(Run, iter: 400, seed: "0N0XIzNsQ0O2");

    private static void Run(Step[] steps)
    {
        using var harness = new RegistrarHarness(new RegistrarOptions { MaxContacts = Limit, NonceLifetime = 86_400 });
        var realm = harness.AddRealm();
        var alice = harness.AddCredential(realm, "alice", "secret");
        var devices = Enumerable.Range(0, 3).Select(i => new ScriptedDevice(harness, realm, "alice", "secret") { CallId = $"device-{i}-abcdef" }).ToArray();
        var model = new Model();
        foreach (var step in steps)
        {
            Apply(step, harness, devices, model);
            var actual = harness.Bindings(alice).Select(b => (b.Contact, b.ExpiresIn)).Order();
            Assert.Equal(model.Live().Select(b => (Uri(b.Contact), b.Left)).Order(), actual);
        }
    }

    private static void Apply(Step step, RegistrarHarness harness, ScriptedDevice[] devices, Model model)
    {
        if (step is Wait wait)
        {
            harness.Time.Advance(TimeSpan.FromSeconds(wait.Seconds));
            harness.Locations.Sweep();
            model.Now += wait.Seconds;
            return;
        }

        var (device, fails) = step is Register r ? (devices[r.Device], r.JournalFails) : (devices[((RemoveAll)step).Device], ((RemoveAll)step).JournalFails);
        harness.Time.Advance(TimeSpan.FromSeconds(1)); // so that "oldest" is never a tie
        model.Now++;
        Prime(device);
        harness.Journal.IsBroken = fails;
        if (step is Register { OldCSeq: true }) device.CSeq = 0;
        var next = model.Clone();
        var (headers, expected) = step is Register register
            ? (Headers(register), next.Register(device.CallId, device.CSeq + 1, register.Contacts))
            : ("Contact: *\r\nExpires: 0\r\n", next.RemoveAll(device.CallId, device.CSeq + 1));
        var answer = device.SendOnce(headers);
        harness.Journal.IsBroken = false;
        Assert.Equal(expected == 200 && fails ? 503 : expected, answer.Status);
        if (answer.Status == 200) model.Take(next);
    }

    /// <summary>Gets a nonce, so that the next request is one request.</summary>
    private static void Prime(ScriptedDevice device)
    {
        if (device.Nonce is null) device.Nonce = device.SendOnce("").Challenge("nonce");
        else if (device.SendOnce("") is { Status: 401 } stale) device.Nonce = stale.Challenge("nonce");
    }

    private static string Uri(int contact) => string.Create(CultureInfo.InvariantCulture, $"sip:c@192.0.2.{contact + 1}:5070");

    private static string Headers(Register register) =>
        string.Concat(register.Contacts.Select(c => $"Contact: <{Uri(c.Contact)}>;expires={c.Expires}\r\n"));

    /// <summary>10.3 steps 6 and 7, written to be read, not to be fast.</summary>
    private sealed class Model
    {
        private List<Entry> _bindings = [];

        private sealed record Entry(int Contact, string CallId, uint CSeq, long ExpiresAt, long RefreshedAt);

        public long Now { get; set; }

        public IEnumerable<(int Contact, int Left)> Live() => _bindings.Where(b => b.ExpiresAt > Now).Select(b => (b.Contact, (int)(b.ExpiresAt - Now)));

        public Model Clone() => new() { _bindings = [.. _bindings.Where(b => b.ExpiresAt > Now)], Now = Now };

        public void Take(Model other) => _bindings = other._bindings;

        public int RemoveAll(string callId, uint cseq)
        {
            if (_bindings.Any(b => b.CallId == callId && cseq <= b.CSeq)) return 500;
            _bindings.Clear();
            return 200;
        }

        public int Register(string callId, uint cseq, (int Contact, int Expires)[] contacts)
        {
            var before = _bindings.ToList();
            foreach (var (contact, expires) in contacts)
            {
                if (expires is > 0 and < 60) return 423;
                if (before.Any(b => b.Contact == contact && b.CallId == callId && cseq <= b.CSeq)) return 500;
                _bindings.RemoveAll(b => b.Contact == contact);
                if (expires > 0) _bindings.Add(new Entry(contact, callId, cseq, Now + Math.Min(expires, 7200), Now));
            }

            while (_bindings.Count > Limit) _bindings.Remove(_bindings.MinBy(b => b.RefreshedAt)!);
            return 200;
        }
    }
}
