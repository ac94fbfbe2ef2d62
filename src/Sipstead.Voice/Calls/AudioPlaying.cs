using Sipstead.Media.Audio;

namespace Sipstead.Voice.Calls;

/// <summary>Playing as something to wait for.</summary>
internal static class AudioPlaying
{
    /// <summary>Plays until the source ends. When cancelled, stops it and throws <see cref="OperationCanceledException"/>.</summary>
    public static async Task PlayAsync(this IAudioOutput output, IAudioSource source, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var played = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        output.Play(source, () => played.TrySetResult());
        try
        {
            await played.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            output.StopPlaying();
            throw;
        }
    }
}
