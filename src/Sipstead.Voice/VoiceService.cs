using Sipstead.Registrar;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice;

/// <summary>Calls as the rest of the server sees them: begin to take them, and end them all.</summary>
public sealed class VoiceService
{
    private readonly CallEngine _engine;
    private readonly CallRegistry _registry;
    private readonly ConferenceRegistry _conferences;
    private readonly RegistrarService _registrar;
    private readonly RecordingUpkeep _upkeep;
    private readonly RecordingEngine _recordings;

    internal VoiceService(
        CallEngine engine, CallRegistry registry, ConferenceRegistry conferences, RegistrarService registrar, RecordingUpkeep upkeep, RecordingEngine recordings,
        VoiceMetrics metrics)
    {
        _engine = engine;
        _registry = registry;
        _conferences = conferences;
        _registrar = registrar;
        _upkeep = upkeep;
        _recordings = recordings;
        metrics.ObserveKept(() => registry.Count);
        metrics.ObserveKeptConferences(() => conferences.Count);
    }

    /// <summary>Finishes the recordings that the end of the last process cut off. Before <see cref="Start"/>, with the database open.</summary>
    public Task RecoverAsync(CancellationToken cancellationToken) => _upkeep.RecoverAsync(cancellationToken);

    /// <summary>Takes calls of devices from now on.</summary>
    public void Start() => _registrar.Calls = _engine;

    /// <summary>Takes no more calls and ends those there are: parties hear BYE, applications hear <c>disconnect</c> and <c>conferenceCompleted</c>. Waits until that is said, or for the deadline.</summary>
    public async Task StopAsync(TimeSpan deadline, TimeProvider time)
    {
        _registrar.Calls = null;
        _engine.Close();
        try
        {
            await StopAllAsync().WaitAsync(deadline, time);
        }
        catch (TimeoutException)
        {
            // Applications that do not answer do not hold the server up; the next start finishes what is recorded.
        }
    }

    /// <summary>Calls first: conferences whose members went on with the verb behind would only begin more.</summary>
    private async Task StopAllAsync()
    {
        var conferences = _conferences.Live();
        await Task.WhenAll(_registry.Live().Select(call => call.StopAsync()));
        await Task.WhenAll(conferences.Select(conference => conference.StopAsync()));
        await _recordings.SettleAsync();
    }
}
