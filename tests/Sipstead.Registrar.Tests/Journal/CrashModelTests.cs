using System.Globalization;
using System.Text;
using CsCheck;
using Sipstead.Registrar.Location;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.Journal;

/// <summary>
/// Store and journal against a simple model: two receiving loops change bindings, batches fail, time passes, passwords change, and the process or the machine
/// ends in between. What was acknowledged is there again, and nothing that an acknowledged change ended.
/// </summary>
public sealed class CrashModelTests
{
    private const int Users = 3;
    private const int Contacts = 3;

    private static readonly int[] Lifetimes = [0, 60, 300, 300, 300, 900];

    private enum CrashKind
    {
        Kill,
        PowerLoss,
        TornEnd,
    }

    private abstract record Step;

    /// <summary>Registers or refreshes a contact, in its place or as the last; for no time to end it.</summary>
    private sealed record Change(int Loop, int User, int Contact, int Seconds, bool InPlace) : Step;

    private sealed record RemoveAll(int Loop, int User) : Step;

    private sealed record Commit(int Loop, bool Fails) : Step;

    private sealed record Wait(int Seconds) : Step;

    private sealed record NewPassword(int User) : Step;

    private sealed record Crash(CrashKind Kind, int Torn) : Step;

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (12, Gen.Select(Gen.Int[0, 1], Gen.Int[1, Users], Gen.Int[0, Contacts - 1], Gen.Int[0, Lifetimes.Length - 1].Select(i => Lifetimes[i]), Gen.Bool)
            .Select(t => (Step)new Change(t.Item1, t.Item2, t.Item3, t.Item4, t.Item5))),
        (1, Gen.Select(Gen.Int[0, 1], Gen.Int[1, Users]).Select(t => (Step)new RemoveAll(t.Item1, t.Item2))),
        (6, Gen.Select(Gen.Int[0, 1], Gen.Int[0, 5]).Select(t => (Step)new Commit(t.Item1, t.Item2 == 0))),
        (3, Gen.Int[1, 200].Select(seconds => (Step)new Wait(seconds))),
        (1, Gen.Int[1, Users].Select(user => (Step)new NewPassword(user))),
        (2, Gen.Select(Gen.Enum<CrashKind>(), Gen.Int[1, 400]).Select(t => (Step)new Crash(t.Item1, t.Item2))));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnySequence_KeepsWhatWasAcknowledged(bool fsyncAlways) => Steps.Array[1, 60].Sample(
        steps =>
        {
            using var world = new World(fsyncAlways);
            foreach (var step in steps) world.Apply(step);
            world.Apply(new Crash(CrashKind.Kill, 0));
        },
        iter: 150, seed: "0N0XIzNsQ0O2");

    /// <summary>One contact of a user.</summary>
    private sealed record Entry(int Contact, uint CSeq, long ExpiresAt);

    /// <summary>What a user's bindings are from some change on; its place in the order of all changes.</summary>
    private sealed record State(int Order, int Revision, IReadOnlyList<Entry> Entries);

    /// <summary>A change of a batch that is under way.</summary>
    private sealed record Pending(int User, State Before, State After);

    /// <summary>A user in the model.</summary>
    private sealed class UserModel
    {
        public int Revision { get; set; } = 1;

        public State Current { get; set; } = new(0, 1, []);

        /// <summary>All there have been since the last start.</summary>
        public List<State> States { get; } = [new(0, 1, [])];

        /// <summary>Order of the newest that was acknowledged, and of the newest of these that the disk has.</summary>
        public int Acknowledged { get; set; }

        public int OnDisk { get; set; }
    }

    /// <summary>Server and model side by side.</summary>
    private sealed class World : IDisposable
    {
        private readonly JournalRuns _runs = new();
        private readonly bool _fsyncAlways;
        private readonly Dictionary<int, UserModel> _users = Enumerable.Range(1, Users).ToDictionary(user => user, _ => new UserModel());
        private readonly List<Pending>[] _pending = [[], []];
        private JournalRun _run;
        private LocationBatch[] _loops = [];
        private int _order;
        private uint _cseq;

        public World(bool fsyncAlways)
        {
            _fsyncAlways = fsyncAlways;
            _run = Start();
        }

        public void Dispose()
        {
            _run.Dispose();
            _runs.Dispose();
        }

        public void Apply(Step step)
        {
            switch (step)
            {
                case Change change:
                    Replace(change.Loop, change.User, Next(_users[change.User].Current.Entries, change));
                    break;
                case RemoveAll remove:
                    Replace(remove.Loop, remove.User, []);
                    break;
                case Commit commit:
                    End(commit);
                    break;
                case Wait wait:
                    Pass(wait.Seconds);
                    break;
                case NewPassword password:
                    _users[password.User].Revision++;
                    break;
                case Crash crash:
                    Restart(crash);
                    break;
            }

            foreach (var (user, model) in _users)
            {
                if (model.Current.Revision == model.Revision) Assert.Equal(Told(model.Current), Found(user));
            }
        }

        private JournalRun Start()
        {
            var run = _runs.Start(
                fsyncAlways: _fsyncAlways, minLength: 3_000, isCurrent: (user, revision) => _users[(int)user].Revision == revision);
            _loops = [run.CreateBatch(), run.CreateBatch()];
            return run;
        }

        private List<Entry> Next(IReadOnlyList<Entry> entries, Change change)
        {
            var next = entries.Where(entry => entry.ExpiresAt > _run.Clock.NowMs).ToList();
            var at = next.FindIndex(entry => entry.Contact == change.Contact);
            if (at >= 0) next.RemoveAt(at);
            if (change.Seconds == 0) return next;
            next.Insert(at >= 0 && change.InPlace ? at : next.Count, new Entry(change.Contact, ++_cseq, _run.Clock.NowMs + (change.Seconds * 1000L)));
            return next;
        }

        private void Replace(int loop, int user, List<Entry> entries)
        {
            var model = _users[user];
            if (model.Current.Revision != model.Revision)
            {
                // The first request with the new password ends what the old one made.
                entries = entries.Where(entry => entry.CSeq == _cseq && !model.Current.Entries.Contains(entry)).ToList();
                Enter(model, new State(++_order, model.Revision, []));
            }

            var writer = new BindingSetWriter();
            foreach (var entry in entries)
            {
                var header = new BindingHeader { Id = entry.Contact + 1, CSeq = entry.CSeq, ExpiresAt = entry.ExpiresAt, Flow = RegistrarHarness.Flow(), Q = -1 };
                writer.Add(header, new BindingTexts { Uri = Encoding.ASCII.GetBytes(Uri(entry.Contact)), CallId = "call"u8 });
            }

            using (var aor = _run.Locations.Open(user, 1, model.Revision)) aor.Replace(writer.Written, _loops[loop], 0);
            var after = new State(++_order, model.Revision, entries);
            _pending[loop].Add(new Pending(user, model.Current, after));
            Enter(model, after);
        }

        private static void Enter(UserModel model, State state)
        {
            model.Current = state;
            model.States.Add(state);
        }

        private void End(Commit commit)
        {
            _runs.Disk.IsFull = commit.Fails;
            var pending = _pending[commit.Loop];
            Assert.Equal(!commit.Fails || pending.Count == 0, _loops[commit.Loop].Commit());
            _runs.Disk.IsFull = false;
            for (var i = pending.Count - 1; i >= 0 && commit.Fails; i--)
            {
                var model = _users[pending[i].User];
                if (model.Current.Order == pending[i].After.Order) model.Current = pending[i].Before;
            }

            foreach (var change in pending.Where(_ => !commit.Fails))
            {
                var model = _users[change.User];
                model.Acknowledged = Math.Max(model.Acknowledged, change.After.Order);
                if (_fsyncAlways) model.OnDisk = model.Acknowledged;
            }

            pending.Clear();
            _run.AwaitCompaction(); // that a step is what it is each time
        }

        private void Pass(int seconds)
        {
            _runs.Time.Advance(TimeSpan.FromSeconds(seconds));
            _run.AwaitCompaction();
            _run.Locations.Sweep();
            foreach (var model in _users.Values) model.OnDisk = model.Acknowledged;
        }

        private void Restart(Crash crash)
        {
            if (crash.Kind == CrashKind.PowerLoss) _run.LosePower();
            else _run.Kill();
            if (crash.Kind == CrashKind.TornEnd) Tear(_run.JournalPath, crash.Torn);
            foreach (var pending in _pending) pending.Clear();
            var wasTorn = crash.Kind == CrashKind.TornEnd;
            _run = Start();
            foreach (var (user, model) in _users)
            {
                var least = crash.Kind switch { CrashKind.Kill => model.Acknowledged, CrashKind.PowerLoss => model.OnDisk, _ => 0 };
                var found = Found(user);
                var state = model.States.LastOrDefault(state => state.Order >= least && Told(Lasting(model, state)) == found);
                Assert.True(state is not null, $"after {crash.Kind}, user {user} has {found}, and had {string.Join(" | ", model.States.Select(Told))}");
                model.Current = Lasting(model, state!) with { Revision = model.Revision };
                model.States.Clear();
                model.States.Add(model.Current);
                (model.Acknowledged, model.OnDisk) = (model.Current.Order, model.Current.Order);
            }

            Assert.True(wasTorn || !(_runs.Log.Contains(3001) || _runs.Log.Contains(3008)) || crash.Kind == CrashKind.PowerLoss);
            _runs.Log.Clear();
        }

        private static void Tear(string path, int octets)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            file.SetLength(Math.Max(0, file.Length - octets));
        }

        private static State Lasting(UserModel model, State state) => state.Revision == model.Revision ? state : state with { Entries = [] };

        private string Told(State state) => string.Join(
            ", ", state.Entries.Where(entry => entry.ExpiresAt > _run.Clock.NowMs)
                .Select(entry => Text(Uri(entry.Contact), entry.CSeq, Binding.SecondsLeft(entry.ExpiresAt, _run.Clock.NowMs))));

        private string Found(int user) =>
            string.Join(", ", _run.Find(user).Select(binding => Text(binding.Contact, binding.CSeq, binding.ExpiresIn)));

        private static string Text(string contact, long cseq, int expiresIn) => string.Create(CultureInfo.InvariantCulture, $"{contact} {cseq} {expiresIn}");

        private static string Uri(int contact) => string.Create(CultureInfo.InvariantCulture, $"sip:c{contact}@192.0.2.1{new string('0', contact)}");
    }
}
