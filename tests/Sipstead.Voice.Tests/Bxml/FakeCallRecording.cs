using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>Writes down what verbs ask of recordings. What Record began ends by itself when a test says so.</summary>
internal sealed class FakeCallRecording(TimeProvider time) : ICallRecording
{
    /// <summary>What was asked, in order.</summary>
    public List<string> Steps { get; } = [];

    public List<RecordingWish> Wishes { get; } = [];

    public FakeRunningRecording? Running { get; private set; }

    public IRunningRecording Record(RecordingWish wish)
    {
        Wishes.Add(wish);
        Steps.Add("record");
        return Running = new FakeRunningRecording(time, wish, () => Steps.Add("end"));
    }

    public void Start(RecordingWish wish)
    {
        Wishes.Add(wish);
        Steps.Add("start");
    }

    public void Pause() => Steps.Add("pause");

    public void Resume() => Steps.Add("resume");

    public void Stop() => Steps.Add("stop");
}

/// <summary>A recording without audio.</summary>
internal sealed class FakeRunningRecording(TimeProvider time, RecordingWish wish, Action stopped) : IRunningRecording
{
    private readonly TaskCompletionSource _ended = new();
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private RecordingDetails? _details;

    public Task Ended => _ended.Task;

    public string MediaUrl => "https://voice.example/media";

    /// <summary>Ends as at the longest duration.</summary>
    public void End() => _ended.TrySetResult();

    public RecordingDetails Stop()
    {
        if (_details is not null) return _details;
        stopped();
        var now = time.GetUtcNow();
        return _details = new RecordingDetails
        {
            RecordingId = "r-1", AccountId = 1, Kind = RecordingKind.Call, OwnerId = "c-1", StartTime = _start, EndTime = now, Duration = now - _start, Channels = 1,
            Format = wish.Format, Status = RecordingStatus.Complete, Octets = 1,
        };
    }
}
