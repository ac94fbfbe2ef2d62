using System.Runtime.InteropServices;
using Sipstead.Media.Audio;
using Sipstead.Media.Recording;
using Sipstead.Media.Tests.Rtp;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Recording;

/// <summary>A recorder whose file is in memory, written by the test.</summary>
internal sealed class Recorded : IDisposable
{
    private readonly UnheardMeters _meters = new();

    public Recorded(RecorderPlan plan, Stream? file = null)
    {
        File = file ?? Memory;
        Recorder = new AudioRecorder(plan);
        Written = new RecordingFile(Recorder, plan, File, "r-1", new RecordingMetrics(_meters), Log.CreateLogger(""));
    }

    public AudioRecorder Recorder { get; }

    public RecordingFile Written { get; }

    public KeptStream Memory { get; } = new();

    public Stream File { get; }

    public LogLines Log { get; } = new();

    /// <summary>The samples of the file, those of the channels in turn.</summary>
    public short[] Samples => MemoryMarshal.Cast<byte, short>(Memory.ToArray().AsSpan(WavHeader.Length)).ToArray();

    public static RecorderPlan Plan(RecordingLayout layout = RecordingLayout.Party, double seconds = 60, double silence = 0) => new()
    {
        Layout = layout, MaximumDuration = TimeSpan.FromSeconds(seconds), SilenceTimeout = TimeSpan.FromSeconds(silence),
    };

    /// <summary>A beat: both tracks, or what the party is sent alone.</summary>
    public void Beat(short? heard, short sent = 0)
    {
        if (heard is { } level) Recorder.Inbound.Write(Frame(level));
        Recorder.Outbound.Write(Frame(sent));
    }

    /// <summary>Writes to the end, which must have come, and returns what became of it.</summary>
    public Task<RecorderResult> FinishAsync()
    {
        Recorder.Stop();
        Assert.True(Written.Write());
        Assert.True(Recorder.Completed.IsCompletedSuccessfully);
        return Recorder.Completed;
    }

    public void Dispose()
    {
        Log.Dispose();
        _meters.Dispose();
    }

    public static short[] Frame(short level)
    {
        var frame = new short[AudioFormat.FrameSamples];
        frame.AsSpan().Fill(level);
        return frame;
    }
}

/// <summary>A stream in memory that can be read after it was closed.</summary>
internal sealed class KeptStream : MemoryStream
{
    public bool IsClosed { get; private set; }

    protected override void Dispose(bool disposing)
    {
        IsClosed = true;
        base.Dispose(disposing); // what was written can still be taken by ToArray
    }
}
