using Sipstead.Media.Audio;
using Sipstead.Media.Tests.Rtp;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Audio;

/// <summary>Who hears whom in a conference, told by a tone for each, and what a frame of it costs.</summary>
public sealed class ConferenceMixerTests : IAsyncDisposable
{
    private static readonly int[] AllTones = [400, 440, 600, 700, 900, 1000, 1500, 2100];

    private const int Capacity = 20;

    private readonly MediaSetup _setup = new();
    private readonly ConferenceMixer _mixer;

    public ConferenceMixerTests() => _mixer = _setup.Engine.OpenMixer(Capacity);

    public async ValueTask DisposeAsync()
    {
        _mixer.Dispose();
        await _setup.DisposeAsync();
    }

    [Fact]
    public void Speakers_HearAllButThemselves_AFrameLater()
    {
        var (a, b, c) = (new Talker(400), new Talker(900), new Talker(1500));
        Arrange(a, b, c);
        Beat(a, b, c);
        Assert.All(a.Heard, sample => Assert.Equal(0, sample));
        Talk(a, b, c);
        Assert.Equal([900, 1500], a.Tones);
        Assert.Equal([400, 1500], b.Tones);
        Assert.Equal([400, 900], c.Tones);
    }

    [Fact]
    public void Mute_HearsAndIsNotHeard_Hold_NeitherHearsNorIsHeard()
    {
        var (a, mute, held) = (new Talker(400), new Talker(900) { Role = MixerRole.Listener }, new Talker(1500) { Role = MixerRole.Held });
        Arrange(a, mute, held);
        Talk(a, mute, held);
        Assert.Empty(a.Tones);
        Assert.Equal([400], mute.Tones);
        Assert.Empty(held.Tones);
    }

    [Fact]
    public void Coach_IsHeardByTheCoachedAlone_AndHearsAll()
    {
        var (agent, customer, coach) = (new Talker(400) { IsCoached = true }, new Talker(900), new Talker(1500) { Role = MixerRole.Coach });
        var recorded = new Ear();
        using var tap = _mixer.Tap(recorded);
        Arrange(agent, customer, coach);
        Talk(agent, customer, coach);
        Assert.Equal([900, 1500], agent.Tones);
        Assert.Equal([400], customer.Tones);
        Assert.Equal([400, 900], coach.Tones);
        Assert.Equal([400, 900], Tones(recorded.Last(1600)));
    }

    [Fact]
    public void CoachedOnHoldOrMute_HearsNothing_RespectivelyTheCoach()
    {
        var held = new Talker(400) { Role = MixerRole.Held, IsCoached = true };
        var mute = new Talker(900) { Role = MixerRole.Listener, IsCoached = true };
        var coach = new Talker(1500) { Role = MixerRole.Coach, IsCoached = true };
        Arrange(held, mute, coach);
        Talk(held, mute, coach);
        Assert.Empty(held.Tones);
        Assert.Equal([1500], mute.Tones);
        Assert.Empty(coach.Tones); // nobody coaches itself
    }

    [Fact]
    public void Announcement_IsHeardByAllNotOnHold_AndRecorded_AndItsEndIsTold()
    {
        var (a, mute, coach) = (new Talker(400), new Talker(900) { Role = MixerRole.Listener }, new Talker(1500) { Role = MixerRole.Coach });
        var held = new Talker(2100) { Role = MixerRole.Held };
        var recorded = new Ear();
        var (ended, replaced) = (0, 0);
        using (_mixer.Tap(recorded))
        {
            Arrange(a, mute, coach, held);
            _mixer.Play(new SineWave(700), () => replaced++);
            _mixer.Play(new SineWave(600), () => ended++);
            Talk(a, mute, coach, held);
        }

        Assert.Equal([600], a.Tones);
        Assert.Equal([400, 600], mute.Tones);
        Assert.Equal([400, 600], coach.Tones);
        Assert.Empty(held.Tones);
        Assert.Equal([400, 600], Tones(recorded.Last(1600)));
        var count = recorded.Count;
        _mixer.Play(new AudioClip(new short[240]).Play(), () => ended++);
        Beat(a);
        Assert.Equal(0, ended);
        Beat(a);
        Assert.Equal((1, 0), (ended, replaced));
        _mixer.Play(new SineWave(600), () => ended++);
        _mixer.StopPlaying();
        Talk(a, mute);
        Assert.Equal([400], mute.Tones);
        Assert.Equal((1, count), (ended, recorded.Count));
    }

    [Fact]
    public void FailingAnnouncement_IsOver_AndTheMixGoesOn()
    {
        var (a, b) = (new Talker(400), new Talker(900));
        var ended = 0;
        Arrange(a, b);
        _mixer.Play(new Broken(), () => ended++);
        Talk(a, b);
        Assert.Equal(1, ended);
        Assert.Equal([900], a.Tones);
        _mixer.Play(new AudioClip(new short[1]).Play(), () => throw new InvalidOperationException("ours"));
        Beat(a, b);
        Talk(a, b);
        Assert.Equal([900], a.Tones);
        Assert.Contains(_setup.Logs.All, line => line.StartsWith("Error 6160", StringComparison.Ordinal));
    }

    [Fact]
    public void LoudestSum_IsClipped_NeverWrapped_AndOwnPartIsTakenOffBeforehand()
    {
        var talkers = Enumerable.Range(0, Capacity).Select(i => new Talker(0) { Level = i % 2 == 0 ? short.MaxValue : short.MinValue }).ToArray();
        Arrange(talkers);
        talkers[0].Level = short.MaxValue;
        foreach (var other in talkers.Skip(1)) other.Level = short.MaxValue;
        Beat(talkers);
        Beat(talkers);
        Assert.All(talkers, talker => Assert.All(talker.Heard, sample => Assert.Equal(short.MaxValue, sample)));
        Arrange(talkers[0], talkers[1]);
        Beat(talkers);
        Beat(talkers);
        Assert.All(talkers[0].Heard, sample => Assert.Equal(short.MaxValue, sample)); // the sum was twice that
    }

    [Fact]
    public void WhoLeaves_IsSilentAndHeardByNobody_AndSilenceOfAPartyIsSilence()
    {
        var (a, b) = (new Talker(400), new Talker(900));
        Arrange(a, b);
        Talk(a, b);
        Arrange(a);
        Talk(a, b);
        Assert.Empty(a.Tones);
        Assert.Empty(b.Tones);
        Arrange(a, b);
        Talk(a, b);
        b.IsGone = true; // its packets stop
        Beat(a, b);
        Beat(a, b);
        Assert.All(a.Heard, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Disposed_IsSilent_AndTakenOffTheClock()
    {
        var (a, b) = (new Talker(400), new Talker(900));
        Arrange(a, b);
        Talk(a, b);
        Assert.Equal((1, 1), (_setup.Engine.OpenMixers, _setup.Meters["sipstead.media.mixers"]));
        _mixer.Dispose();
        _mixer.Dispose();
        Talk(a, b);
        Assert.Empty(a.Tones);
        Assert.Equal((0, 0), (_setup.Engine.OpenMixers, _setup.Meters["sipstead.media.mixers"]));
    }

    [Fact]
    public void MoreThanTheCapacity_AreRefused() => Assert.Throws<ArgumentException>(
        () => Arrange([.. Enumerable.Range(0, Capacity + 1).Select(_ => new Talker(0))]));

    /// <summary>Whatever the roles, what a member hears is what a naive sum over all others gives.</summary>
    [Fact]
    public void AnyArrangement_GivesTheNaiveSum()
    {
        var random = new Random(8);
        for (var round = 0; round < 300; round++)
        {
            var talkers = Enumerable.Range(0, random.Next(1, Capacity + 1)).Select(_ => new Talker(0)
            {
                Level = (short)random.Next(short.MinValue, short.MaxValue + 1), Role = (MixerRole)random.Next(4), IsCoached = random.Next(3) == 0,
            }).ToArray();
            Arrange(talkers);
            Beat(talkers);
            Beat(talkers);
            foreach (var talker in talkers)
            {
                var sum = talker.Role == MixerRole.Held ? 0 : talkers.Where(other => other != talker && other.IsHeardBy(talker)).Sum(other => other.Level);
                Assert.All(talker.Heard, sample => Assert.Equal(Math.Clamp(sum, short.MinValue, short.MaxValue), sample));
            }
        }
    }

    [Fact]
    public void Frame_OfTwentyMembers_AllocatesNothing()
    {
        var talkers = Enumerable.Range(0, Capacity).Select(i => new Talker(0) { Level = (short)(i * 1000), Role = (MixerRole)(i % 4), IsCoached = i % 5 == 0 }).ToArray();
        Arrange(talkers);
        using var tap = _mixer.Tap(new Count());
        _mixer.Play(new SineWave(400), () => { });
        Assert.Equal(0, Allocations.Of(() =>
        {
            foreach (var talker in talkers) talker.Beat();
            _setup.Tick();
        }));
    }

    [Fact]
    public async Task Sessions_InAConference_HearEachOther()
    {
        await using var setup = new MediaSetup(pairs: 8);
        using var mixer = setup.Engine.OpenMixer(Capacity);
        var (first, firstSeat, firstEar) = Join(setup, 440);
        var (second, secondSeat, secondEar) = Join(setup, 1000);
        mixer.Arrange([new MixerPlace(firstSeat, MixerRole.Speaker, false), new MixerPlace(secondSeat, MixerRole.Speaker, false)]);
        setup.Tick(100);
        Assert.Equal([1000], Tones(firstEar.Last(1600)));
        Assert.Equal([440], Tones(secondEar.Last(1600)));
        first.Dispose();
        second.Dispose();
    }

    /// <summary>A phone's session with a tone, connected with one of ours whose audio goes to a seat.</summary>
    private static (MediaSession Ours, MixerSeat Seat, Ear Phone) Join(MediaSetup setup, double frequency)
    {
        var (ours, phone) = setup.Connect();
        var (seat, ear) = (new MixerSeat(), new Ear());
        ours.Tap(AudioTrack.Inbound, seat);
        ours.Play(seat, () => { });
        phone.Tap(AudioTrack.Inbound, ear);
        phone.Play(new SineWave(frequency), () => { });
        return (ours, seat, ear);
    }

    private static int[] Tones(short[] samples) => [.. AllTones.Where(tone => Loudness.Amplitude(samples, tone) > 2_000)];

    private void Arrange(params Talker[] talkers) =>
        _mixer.Arrange([.. talkers.Select(talker => new MixerPlace(talker.Seat, talker.Role, talker.IsCoached))]);

    private void Talk(params Talker[] talkers)
    {
        foreach (var talker in talkers) talker.Ear.Forget();
        for (var i = 0; i < 20; i++) Beat(talkers);
    }

    /// <summary>What the clock does: the mix, then each session's frame.</summary>
    private void Beat(params Talker[] talkers)
    {
        _setup.Tick();
        foreach (var talker in talkers) talker.Beat();
    }

    /// <summary>A member with a tone, or with samples of one level.</summary>
    private sealed class Talker(int frequency)
    {
        private readonly SineWave _wave = new(frequency);
        private readonly short[] _frame = new short[AudioFormat.FrameSamples];
        private readonly short[] _heard = new short[AudioFormat.FrameSamples];

        public MixerSeat Seat { get; } = new();

        public MixerRole Role { get; init; } = MixerRole.Speaker;

        public bool IsCoached { get; init; }

        public short Level { get; set; }

        public bool IsGone { get; set; }

        public Ear Ear { get; } = new();

        public short[] Heard => _heard;

        public int[] Tones => ConferenceMixerTests.Tones(Ear.Last(1600));

        public bool IsHeardBy(Talker other) => Role == MixerRole.Speaker || (Role == MixerRole.Coach && other.IsCoached && other.Role != MixerRole.Coach);

        public void Beat()
        {
            Seat.Read(_heard);
            if (frequency > 0) Ear.Write(_heard);
            if (IsGone) return;
            if (frequency == 0) Array.Fill(_frame, Level);
            else _wave.Read(_frame);
            Seat.Write(_frame);
        }
    }

    private sealed class Broken : IAudioSource
    {
        public int Read(Span<short> frame) => throw new InvalidOperationException("broken");
    }

    private sealed class Count : IAudioSink
    {
        public void Write(ReadOnlySpan<short> frame)
        {
        }
    }
}
