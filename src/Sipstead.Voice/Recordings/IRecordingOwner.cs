using System.Text.Json;
using Sipstead.Media.Recording;
using Sipstead.Provisioning.Recordings;

namespace Sipstead.Voice.Recordings;

/// <summary>What a recording is of: a call or a conference. Any thread may use it.</summary>
internal interface IRecordingOwner
{
    long AccountId { get; }

    /// <summary>Scheme, host and <c>/api/v2</c>, as the client saw them; begins the recording's URLs.</summary>
    string BaseUrl { get; }

    /// <summary>Of its webhooks.</summary>
    TimeSpan CallbackTimeout { get; }

    /// <summary>The event that tells of a finished recording.</summary>
    string AvailableEvent { get; }

    /// <summary>Adds what is known of the owner.</summary>
    RecordingDetails Describe(RecordingDetails recording);

    /// <summary>An asynchronous event of a recording: the owner's properties, with the recording's start, then those of the recording.</summary>
    byte[] Write(string eventType, RecordingDetails recording, DateTimeOffset now, Action<Utf8JsonWriter> fields);
}

/// <summary>Where the audio of a recording comes from.</summary>
internal interface IRecordingSource
{
    /// <summary>Gives frames to a recorder until disposed. Null when there is no media.</summary>
    IDisposable? Attach(AudioRecorder recorder);
}
