using Sipstead.Media.Audio;
using Sipstead.Media.Recording;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Recording;

/// <summary>What gets into a recording, and what ends it.</summary>
public sealed class AudioRecorderTests
{
    [Fact]
    public async Task Party_AloneIsRecorded_WithSilenceWhereItHasNoFrame()
    {
        using var recorded = new Recorded(Recorded.Plan());
        recorded.Beat(heard: null, sent: 9);
        recorded.Beat(heard: 5, sent: 9);
        recorded.Beat(heard: null, sent: 9);
        var result = await recorded.FinishAsync();
        Assert.Equal([.. Recorded.Frame(0), .. Recorded.Frame(5), .. Recorded.Frame(0)], recorded.Samples);
        Assert.Equal((RecorderEnd.Stopped, TimeSpan.FromMilliseconds(60), 44 + 3 * 320), (result.End, result.Duration, result.Octets));
        Assert.True(recorded.Memory.IsClosed);
    }

    [Fact]
    public async Task Mixed_IsTheSum_WithinTheRange()
    {
        using var recorded = new Recorded(Recorded.Plan(RecordingLayout.Mixed));
        recorded.Beat(5, 7);
        recorded.Beat(30_000, 30_000);
        recorded.Beat(-30_000, -30_000);
        recorded.Beat(null, 7); // a conference's mix has this track only
        await recorded.FinishAsync();
        Assert.Equal([.. Recorded.Frame(12), .. Recorded.Frame(short.MaxValue), .. Recorded.Frame(short.MinValue), .. Recorded.Frame(7)], recorded.Samples);
    }

    [Fact]
    public async Task Separate_ThePartyIsFirst()
    {
        using var recorded = new Recorded(Recorded.Plan(RecordingLayout.Separate));
        recorded.Beat(5, 7);
        recorded.Beat(null, 8);
        var result = await recorded.FinishAsync();
        Assert.Equal([.. Recorded.Frame(5), .. Recorded.Frame(0)], recorded.Samples.Where((_, i) => i % 2 == 0));
        Assert.Equal([.. Recorded.Frame(7), .. Recorded.Frame(8)], recorded.Samples.Where((_, i) => i % 2 == 1));
        Assert.Equal(TimeSpan.FromMilliseconds(40), result.Duration);
    }

    [Fact]
    public async Task PausedTime_IsLeftOut_AndWhatWasHeardThenDoesNotComeLater()
    {
        using var recorded = new Recorded(Recorded.Plan());
        recorded.Beat(1);
        recorded.Recorder.Pause();
        for (var i = 0; i < 100; i++) recorded.Beat(2);
        recorded.Recorder.Resume();
        recorded.Beat(null);
        recorded.Beat(3);
        Assert.Equal(TimeSpan.FromMilliseconds(60), recorded.Recorder.Duration);
        await recorded.FinishAsync();
        Assert.Equal([.. Recorded.Frame(1), .. Recorded.Frame(0), .. Recorded.Frame(3)], recorded.Samples);
    }

    [Fact]
    public async Task MaximumDuration_EndsToTheFrame_AndTellsOnce()
    {
        var ends = new List<RecorderEnd>();
        using var recorded = new Recorded(Recorded.Plan(seconds: 1) with { Ended = ends.Add });
        for (var i = 0; i < 60; i++) recorded.Beat(1);
        Assert.Equal([RecorderEnd.MaximumDuration], ends);
        var result = await recorded.FinishAsync();
        Assert.Equal((RecorderEnd.MaximumDuration, TimeSpan.FromSeconds(1)), (result.End, result.Duration));
        Assert.Equal(AudioFormat.SampleRate, recorded.Samples.Length);
    }

    [Fact]
    public async Task Silence_EndsWhenItLastsSoLong()
    {
        var ends = new List<RecorderEnd>();
        using var recorded = new Recorded(Recorded.Plan(silence: 0.2) with { Ended = ends.Add });
        for (var i = 0; i < 9; i++) recorded.Beat(null, sent: 9_000);
        recorded.Beat(8_000); // a voice begins it anew
        for (var i = 0; i < 9; i++) recorded.Beat(20); // the noise of a line
        Assert.Empty(ends);
        recorded.Beat(20);
        Assert.Equal([RecorderEnd.Silence], ends);
        Assert.Equal(TimeSpan.FromMilliseconds(400), (await recorded.FinishAsync()).Duration);
    }

    [Fact]
    public async Task Silence_WithoutATimeout_EndsNothing()
    {
        using var recorded = new Recorded(Recorded.Plan());
        for (var i = 0; i < 300; i++) recorded.Beat(null);
        Assert.Equal(RecorderEnd.Stopped, (await recorded.FinishAsync()).End);
    }

    [Fact]
    public async Task DiskThatIsTooSlow_EndsTheRecording_AndWhatCameBeforeIsThere()
    {
        var ends = new List<RecorderEnd>();
        using var recorded = new Recorded(Recorded.Plan(seconds: 600) with { Ended = ends.Add });
        for (short i = 0; i < 1_000; i++) recorded.Beat(i);
        Assert.Equal([RecorderEnd.Overrun], ends);
        var result = await recorded.FinishAsync();
        Assert.Equal((RecorderEnd.Overrun, TimeSpan.FromSeconds(8)), (result.End, result.Duration));
        Assert.Equal(Enumerable.Range(0, 400).SelectMany(i => Recorded.Frame((short)i)), recorded.Samples);
    }

    [Fact]
    public async Task WrittenNowAndThen_NothingIsLost()
    {
        using var recorded = new Recorded(Recorded.Plan(seconds: 600));
        for (short i = 0; i < 2_000; i++)
        {
            recorded.Beat(i);
            if (i % 70 == 0) Assert.False(recorded.Written.Write());
        }

        Assert.Equal(TimeSpan.FromSeconds(40), (await recorded.FinishAsync()).Duration);
        Assert.Equal(Enumerable.Range(0, 2_000).SelectMany(i => Recorded.Frame((short)i)), recorded.Samples);
    }

    [Fact]
    public async Task FullDisk_EndsTheRecording_WithOneLine()
    {
        var ends = new List<RecorderEnd>();
        using var recorded = new Recorded(Recorded.Plan() with { Ended = ends.Add }, new FullDisk(10_000));
        for (var i = 0; i < 50; i++) recorded.Beat(1);
        Assert.True(recorded.Written.Write());
        for (var i = 0; i < 50; i++) recorded.Beat(1);
        Assert.Equal([RecorderEnd.WriteFailed], ends);
        Assert.Equal(RecorderEnd.WriteFailed, (await recorded.Recorder.Completed).End);
        Assert.Equal("Error 6170 Recording r-1 ended because its file could not be written: No space left on device", Assert.Single(recorded.Log.All));
    }

    [Fact]
    public async Task DiskThatIsFullFromTheStart_EndsTheRecording()
    {
        using var recorded = new Recorded(Recorded.Plan(), new FullDisk(0));
        Assert.True(recorded.Written.Write());
        var result = await recorded.Recorder.Completed;
        Assert.Equal((RecorderEnd.WriteFailed, TimeSpan.Zero), (result.End, result.Duration));
    }

    [Fact]
    public async Task NoRoom_EndsTheRecording_WithWhatThereWasRoomFor()
    {
        var room = 3 * 8_000;
        using var recorded = new Recorded(Recorded.Plan() with { MayStore = octets => (room -= octets) >= 0 });
        for (var i = 0; i < 100; i++) recorded.Beat(1);
        var result = await recorded.FinishAsync();
        Assert.Equal((RecorderEnd.NoRoom, TimeSpan.FromSeconds(1.5)), (result.End, result.Duration));
        Assert.Equal(12_000, recorded.Samples.Length);
    }

    [Fact]
    public async Task FrameAfterTheEnd_IsDropped()
    {
        using var recorded = new Recorded(Recorded.Plan());
        recorded.Beat(1);
        recorded.Recorder.Stop();
        recorded.Beat(2);
        await recorded.FinishAsync();
        Assert.Equal(Recorded.Frame(1), recorded.Samples);
    }

    [Theory]
    [InlineData(RecordingLayout.Party)]
    [InlineData(RecordingLayout.Mixed)]
    [InlineData(RecordingLayout.Separate)]
    public async Task Frames_AllocateNothing(RecordingLayout layout)
    {
        using var recorded = new Recorded(Recorded.Plan(layout, seconds: 86_400, silence: 86_400), new Nowhere());
        var (heard, sent, frames) = (Recorded.Frame(500), Recorded.Frame(7), 0);
        Assert.Equal(0, Allocations.Of(() =>
        {
            recorded.Recorder.Inbound.Write(heard);
            recorded.Recorder.Outbound.Write(sent);
            if (++frames % 100 == 0) recorded.Written.Write();
        }));
        Assert.Equal(RecorderEnd.Stopped, (await recorded.FinishAsync()).End);
    }

    /// <summary>Takes everything and keeps nothing.</summary>
    private sealed class Nowhere : MemoryStream
    {
        public override long Position { get; set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
        }
    }
}
