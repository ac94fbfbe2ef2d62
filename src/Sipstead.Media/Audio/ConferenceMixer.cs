using Microsoft.Extensions.Logging;

namespace Sipstead.Media.Audio;

/// <summary>
/// The mix of a conference. Once a beat, before the sessions do their work, it adds up what all said in the beat before, and gives each member the sum
/// without its own part: what is said is heard one frame later, and the cost grows with the number of members. Sums have 32 bits and are clipped to 16 only
/// when they are handed out. Any thread may use it; the audio itself belongs to the media clock's thread.
/// </summary>
public sealed class ConferenceMixer : IAudioOutput, IDisposable
{
    private static readonly short[] Silence = new short[AudioFormat.FrameSamples];
    private static readonly int[] Nothing = new int[AudioFormat.FrameSamples];

    private readonly MediaEngine _engine;
    private readonly ILogger _logger;
    private readonly AudioTaps _taps = new();
    private readonly AudioPlayer _announcements;

    /// <summary>Guards what is announced.</summary>
    private readonly Lock _gate = new();
    private readonly int[] _common = new int[AudioFormat.FrameSamples];
    private readonly int[] _coaching = new int[AudioFormat.FrameSamples];
    private readonly short[] _frame = new short[AudioFormat.FrameSamples];

    /// <summary>Changed by putting a new array in its place: a beat sees the old arrangement or the new one, never half of each.</summary>
    private volatile MixerPlace[] _places = [];

    internal ConferenceMixer(MediaEngine engine, int capacity, ILogger logger)
    {
        _engine = engine;
        _logger = logger;
        _announcements = new AudioPlayer(logger);
        Capacity = capacity;
    }

    /// <summary>Members at most.</summary>
    public int Capacity { get; }

    /// <summary>Says who takes part from the next beat on, and how. Throws <see cref="ArgumentException"/> for more than <see cref="Capacity"/>.</summary>
    public void Arrange(IReadOnlyCollection<MixerPlace> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        if (places.Count > Capacity) throw new ArgumentException($"{places.Count} members are more than the {Capacity} that there is room for.", nameof(places));
        _places = [.. places];
    }

    /// <summary>Plays a source to all that are not on hold, in place of what plays.</summary>
    public void Play(IAudioSource source, Action ended)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(ended);
        lock (_gate) _announcements.Play(source, ended);
    }

    public void StopPlaying()
    {
        lock (_gate) _announcements.Stop();
    }

    /// <summary>Gives a sink what all hear, a frame every 20 ms, until disposed: members that speak and announcements, without what a coach says.</summary>
    public IDisposable Tap(IAudioSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return _taps.Add(sink);
    }

    /// <summary>Ends the mix: its seats are silent.</summary>
    public void Dispose()
    {
        _engine.Remove(this);
        _places = [];
        _taps.Clear();
    }

    /// <summary>The work of one frame; called by the media clock.</summary>
    internal void Beat()
    {
        try
        {
            Mix(_places);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            MediaLog.MixFailed(_logger, e); // a defect of ours costs one conference a frame, not all calls the clock
        }
    }

    private void Mix(MixerPlace[] places)
    {
        Array.Clear(_common);
        Array.Clear(_coaching);
        foreach (var place in places)
        {
            if (place.Role == MixerRole.Speaker) Add(_common, place.Seat.Said);
            else if (place.Role == MixerRole.Coach) Add(_coaching, place.Seat.Said);
        }

        Announce();
        Clip(_common, Silence, Nothing, _frame);
        _taps.Write(_frame, _logger);
        foreach (var place in places)
        {
            Deal(place);
            place.Seat.Said.Clear();
        }
    }

    private void Announce()
    {
        Action? ended;
        lock (_gate)
        {
            if (!_announcements.IsPlaying) return;
            ended = _announcements.Pull(_frame);
        }

        Add(_common, _frame);
        ended?.Invoke();
    }

    private void Deal(in MixerPlace place)
    {
        if (place.Role == MixerRole.Held)
        {
            place.Seat.Heard.Clear();
            return;
        }

        var own = place.Role == MixerRole.Speaker ? place.Seat.Said : Silence;
        var coaching = place.IsCoached && place.Role != MixerRole.Coach ? _coaching : Nothing;
        Clip(_common, own, coaching, place.Seat.Heard);
    }

    private static void Add(Span<int> sum, ReadOnlySpan<short> frame)
    {
        for (var i = 0; i < frame.Length; i++) sum[i] += frame[i];
    }

    private static void Clip(ReadOnlySpan<int> sum, ReadOnlySpan<short> without, ReadOnlySpan<int> with, Span<short> frame)
    {
        for (var i = 0; i < frame.Length; i++) frame[i] = (short)Math.Clamp(sum[i] - without[i] + with[i], short.MinValue, short.MaxValue);
    }
}
