using Sipstead.Media.Audio;

namespace Sipstead.Media.Detection;

/// <summary>What answered a call, as far as its sound tells.</summary>
public enum MachineVerdict
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>It said little, and waits.</summary>
    Human,

    /// <summary>It talks and talks, or has sounded its tone after it talked.</summary>
    Machine,

    /// <summary>A tone before any word: a fax, a modem, a line that is out of order.</summary>
    Tone,
}

/// <summary>When silence and speech decide (voice-api.md 4.6).</summary>
/// <param name="Speech">Speech that long is a machine's.</param>
/// <param name="SpeechEnd">Silence that long ends what is said.</param>
/// <param name="MachineSpeechEnd">Silence that long ends a machine's greeting.</param>
/// <param name="WaitsForEnd">Whether a machine is told only at the end of its greeting.</param>
public sealed record MachineRules(TimeSpan Speech, TimeSpan SpeechEnd, TimeSpan MachineSpeechEnd, bool WaitsForEnd);

/// <summary>
/// Tells people from machines by energy and timing (ruling 32): how long the one who answered talks before it waits for an answer, and the tone behind a
/// greeting. For <see cref="MediaSession.Tap"/> on the inbound track; allocates nothing.
/// </summary>
public sealed class MachineDetector(MachineRules rules, Action<MachineVerdict> decided) : IAudioSink
{
    private readonly SpeechActivity _activity = new();
    private readonly SteadyTone _tone = new();
    private TimeSpan _now;
    private TimeSpan? _speechBegan;
    private TimeSpan _speechEnded;
    private volatile bool _hasHeardSpeech;
    private volatile bool _isMachine;
    private bool _isDecided;

    /// <summary>Whether anything was said so far.</summary>
    public bool HasHeardSpeech => _hasHeardSpeech;

    /// <summary>Whether it is a machine whose greeting goes on.</summary>
    public bool IsMachine => _isMachine;

    public void Write(ReadOnlySpan<short> frame)
    {
        if (_isDecided) return;
        _now += AudioFormat.FrameDuration;
        var verdict = Judge(_activity.Take(frame), _tone.Take(frame));
        if (verdict == MachineVerdict.None) return;
        _isDecided = true;
        decided(verdict);
    }

    private MachineVerdict Judge(bool isSound, bool isTone)
    {
        if (isTone) return HasHeardSpeech ? MachineVerdict.Machine : MachineVerdict.Tone;
        if (isSound && !_tone.IsPure) Hear();
        if (_speechBegan is not { } began) return MachineVerdict.None;
        if (!_isMachine && _speechEnded - began >= rules.Speech)
        {
            _isMachine = true;
            if (!rules.WaitsForEnd) return MachineVerdict.Machine;
        }

        var silence = _now - _speechEnded;
        if (_isMachine) return silence >= rules.MachineSpeechEnd ? MachineVerdict.Machine : MachineVerdict.None;
        return silence >= rules.SpeechEnd ? MachineVerdict.Human : MachineVerdict.None;
    }

    private void Hear()
    {
        _speechBegan ??= _now - AudioFormat.FrameDuration;
        _speechEnded = _now;
        _hasHeardSpeech = true;
    }
}
