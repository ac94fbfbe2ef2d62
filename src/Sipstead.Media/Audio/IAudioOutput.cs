namespace Sipstead.Media.Audio;

/// <summary>Where one source at a time plays: a call, or a conference. Any thread may use it.</summary>
public interface IAudioOutput
{
    /// <summary>Plays a source, in place of what plays.</summary>
    /// <param name="source">What to play; not read any more once it was replaced or stopped.</param>
    /// <param name="ended">Called once, from the media clock's thread, when the source ended; not when it was replaced or stopped, or the output is gone.</param>
    void Play(IAudioSource source, Action ended);

    /// <summary>Stops what plays.</summary>
    void StopPlaying();
}
