using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Media.Recording;
using Sipstead.Media.Tests.Rtp;

namespace Sipstead.Media.Tests.Recording;

/// <summary>The thread that writes all recordings.</summary>
public sealed class RecordingWriterTests : IDisposable
{
    private readonly UnheardMeters _meters = new();
    private readonly RecordingWriter _writer;

    public RecordingWriterTests() => _writer = new RecordingWriter(_meters, NullLogger<RecordingWriter>.Instance);

    [Fact]
    public async Task Recordings_SideBySide_AreEachTheirOwn()
    {
        var files = Enumerable.Range(0, 20).Select(_ => new KeptStream()).ToArray();
        var recorders = files.Select((file, i) => _writer.Start(Recorded.Plan(), file, $"r-{i}")).ToArray();
        for (var beat = 0; beat < 60; beat++)
        {
            for (var i = 0; i < recorders.Length; i++)
            {
                recorders[i].Inbound.Write(Recorded.Frame((short)(i + 1)));
                recorders[i].Outbound.Write(Recorded.Frame(0));
            }
        }

        foreach (var recorder in recorders) recorder.Stop();
        for (var i = 0; i < recorders.Length; i++)
        {
            var result = await recorders[i].Completed.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.Equal(TimeSpan.FromSeconds(1.2), result.Duration);
            Assert.All(MemoryMarshal.Cast<byte, short>(files[i].ToArray().AsSpan(44)).ToArray(), sample => Assert.Equal(i + 1, sample));
        }
    }

    [Fact]
    public void Dispose_WritesWhatRuns_ToItsEnd()
    {
        var file = new KeptStream();
        var recorder = _writer.Start(Recorded.Plan(), file, "r-1");
        recorder.Inbound.Write(Recorded.Frame(1));
        recorder.Outbound.Write(Recorded.Frame(0));
        _writer.Dispose();
        Assert.True(recorder.Completed.IsCompletedSuccessfully);
        Assert.Equal(44 + 320, file.ToArray().Length);
        Assert.Throws<ObjectDisposedException>(() => _writer.Start(Recorded.Plan(), new KeptStream(), "r-2"));
    }

    public void Dispose()
    {
        _writer.Dispose();
        _meters.Dispose();
    }
}
